"""How people may link by themselves, as the configuration file and the console write it."""

from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from connections import sign_in
from connections.sections import Section
from connections.sign_in import AuthMethod
from connections.strict import Choice, Text, TrueOrFalse, Words
from connections.vault import WrongSecretKey

MAXIMUM_SECRET = 500


class SelfLinkingSerializer(Section):
    """In which ways people may link identities of this issuer to their accounts by themselves."""

    sign_in = TrueOrFalse(
        source="link_by_sign_in", required=False, help_text=_("By signing in at the issuer.")
    )
    token = TrueOrFalse(
        source="link_by_token", required=False, help_text=_("By presenting a fresh token.")
    )


class SignInSerializer(Section):
    """The OpenID Connect client that the issuer registered for us."""

    client_id = Text(required=False, allow_blank=True, trim_whitespace=False)
    client_secret = Text(
        source="sealed_client_secret",
        required=False,
        allow_blank=True,
        write_only=True,
        trim_whitespace=False,
        max_length=MAXIMUM_SECRET,
        help_text=_("As ${VARIABLE}. It is kept encrypted, and never shown."),
    )
    authorization_endpoint = Text(required=False, allow_blank=True, trim_whitespace=False)
    token_endpoint = Text(required=False, allow_blank=True, trim_whitespace=False)
    token_endpoint_auth_method = Choice(choices=AuthMethod.values, required=False)
    scopes = Words(
        source="sign_in_scopes", required=False, help_text=_("Asked for besides “openid”.")
    )
    answers_with_issuer = TrueOrFalse(
        required=False, help_text=_("Refuse answers without “iss” (RFC 9207).")
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Seal a new secret, and send a kept one to no other server than it was meant for."""
        before = (
            self.root.instance if isinstance(self.root.instance, sign_in.SignInClient) else None
        )
        secret = attrs.pop("sealed_client_secret", None)
        if secret is None:
            self._check_destination(before, attrs)
        elif secret != _kept(before):
            attrs["sealed_client_secret"] = sign_in.seal(secret)
        return attrs

    def _check_destination(
        self, before: sign_in.SignInClient | None, attrs: dict[str, Any]
    ) -> None:
        if not before or not before.sealed_client_secret or not before.token_endpoint:
            return
        there = urlsplit(attrs.get("token_endpoint", before.token_endpoint))
        if there[:2] != urlsplit(before.token_endpoint)[:2]:
            message = _("Enter the secret again: it would go to another server than before.")
            raise serializers.ValidationError({"client_secret": [message]})


def _kept(client: sign_in.SignInClient | None) -> str | None:
    """Return the secret there is, empty for none; None where it cannot be read."""
    if client is None or not client.sealed_client_secret:
        return ""
    try:
        return client.client_secret
    except WrongSecretKey:
        return None
