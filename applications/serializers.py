"""An application as the configuration file and the management API write it."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from applications import grant_types, secrets
from applications.attributes import PROFILE
from applications.fields import ConnectionsField, JwkSetField
from applications.models import Application
from connections.sections import ModelSection, Section
from connections.strict import Choice, Text, TrueOrFalse, WholeNumber, Words

PUBLIC_TYPES = (Application.Type.MOBILE, Application.Type.SINGLE_PAGE)


class LinkedAccountsSerializer(Section):
    """What linked local accounts mean for the application's tokens."""

    prioritize_local = TrueOrFalse(
        required=False, help_text=_("Issue the token for the linked local account, if any.")
    )
    mandate = TrueOrFalse(
        source="mandate_local",
        required=False,
        help_text=_("Refuse the exchange where there is none. Needs prioritize_local."),
    )


class AccessTokenSerializer(Section):
    """What the application's access tokens are like."""

    format = Choice(
        choices=Application.TokenFormat.values, source="access_token_format", required=False
    )
    lifetime = WholeNumber(source="access_token_lifetime", required=False, help_text=_("Seconds."))
    signing_algorithm = Choice(choices=["RS256", "ES256", "EdDSA"], required=False)
    outlives_subject_token = TrueOrFalse(
        required=False, help_text=_("Whether it may live longer than the token it was given for.")
    )


class RefreshTokenSerializer(Section):
    """What the application's refresh tokens are like."""

    lifetime = WholeNumber(
        source="refresh_token_lifetime",
        required=False,
        help_text=_("Seconds from the exchange until the last refresh."),
    )


class ApplicationSerializer(ModelSection):
    """An OAuth client, the connections whose tokens it may exchange, and what it gets for them."""

    model = Application
    related = frozenset({"client_secret", "connections"})
    constraint_paths = {
        "application_has_name_and_client_id": "name",
        "application_mandate_needs_prioritize": "linked_accounts.mandate",
        "application_single_page_never_exchanges": "grant_types",
        "application_in_browser_or_phone_is_public": "token_endpoint_auth_method",
        "application_on_server_is_confidential": "token_endpoint_auth_method",
        "application_private_key_jwt_needs_keys": "jwks_uri",
        "application_public_has_no_client_credentials": "grant_types",
        "application_machine_signs_nobody_in": "grant_types",
        "application_sign_in_needs_redirect_uri": "redirect_uris",
        "application_lifetimes_are_positive": "access_token.lifetime",
    }

    name = Text()
    client_id = Text(required=False, help_text=_("Generated where it is left out."))
    client_secret = Text(
        required=False,
        write_only=True,
        allow_blank=True,
        trim_whitespace=False,
        help_text=_("As ${VARIABLE}. Where it is needed and left out, one is made and shown once."),
    )
    type = Choice(choices=Application.Type.values)
    description = Text(required=False, allow_blank=True)
    enabled = TrueOrFalse(required=False)
    token_endpoint_auth_method = Choice(
        choices=Application.Authentication.values,
        source="authentication_method",
        required=False,
        help_text=_("Default: none for mobile and single-page, else client_secret_basic."),
    )
    jwks = JwkSetField(
        required=False, help_text=_("Its public keys, for private_key_jwt: {keys: [...]}.")
    )
    jwks_uri = Text(
        required=False,
        allow_blank=True,
        trim_whitespace=False,
        help_text=_("Where its public keys are, instead of jwks."),
    )
    grant_types = Words(vocabulary=grant_types.ALL, short=grant_types.SHORT_NAMES, required=False)
    redirect_uris = Words(
        required=False, help_text=_("Where people come back to after signing in, exactly.")
    )
    post_logout_redirect_uris = Words(
        required=False, help_text=_("Where they come back to after signing out, exactly.")
    )
    skip_consent = TrueOrFalse(
        required=False, help_text=_("Whether people need not agree: for applications of your own.")
    )
    connections = ConnectionsField(
        source="*",
        required=False,
        help_text=_("Whose tokens it may exchange. A new application without this key: nobody's."),
    )
    linked_accounts = LinkedAccountsSerializer(source="*", required=False)
    attributes = Words(vocabulary=PROFILE, required=False)
    scopes = Words(required=False)
    audiences = Words(required=False, help_text=_("Targets it may ask for. None: it may not ask."))
    default_audience = Text(required=False, allow_blank=True)
    access_token = AccessTokenSerializer(source="*", required=False)
    refresh_token = RefreshTokenSerializer(source="*", required=False)

    def validate_client_secret(self, secret: str) -> str:
        """Refuse what could not be sent as a secret."""
        if problem := secrets.problem_with(secret):
            raise serializers.ValidationError(problem)
        return secret

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Choose the authentication that goes with the type, and hold the secret against it."""
        if self.instance is None and attrs["type"] in PUBLIC_TYPES:
            attrs.setdefault("authentication_method", Application.Authentication.PUBLIC)
        attrs = super().validate(attrs)
        if "client_secret" in attrs and not self.candidate.has_secret_method:
            method = self.candidate.authentication_method
            raise serializers.ValidationError(
                {"client_secret": f"With “{method}” there is no secret. Leave the key out."}
            )
        return attrs

    def write(self, attrs: dict[str, Any]) -> Application:
        """Save the application, the connections it may use, and its secret."""
        application = super().write(attrs)
        if "connections" in attrs:
            application.connections.set(attrs["connections"])
        if not application.has_secret_method:
            self._forget_secrets(application)
        elif "client_secret" in attrs:
            self._set_secret(application, attrs["client_secret"])
        elif not application.secret_digest:
            self.shown_once["client_secret"] = secrets.rotate_secret(application)
            self.changes.append("client_secret generated")
        return application

    def _set_secret(self, application: Application, secret: str) -> None:
        if len(secret) < secrets.GOOD_LENGTH:
            self.notices.append(
                f"client_secret is shorter than {secrets.GOOD_LENGTH} characters; "
                "a generated one cannot be guessed"
            )
        former = application.secret_digest
        if not secrets.set_secret(application, secret):
            return
        until = application.former_secret_expires_at
        self.changes.append(
            f"client_secret replaced; the former one stays good until {until:%Y-%m-%d %H:%M} UTC"
            if former
            else "client_secret set"
        )

    def _forget_secrets(self, application: Application) -> None:
        if application.secret_digest or application.former_secret_digest:
            secrets.forget_secrets(application)
            self.changes.append("client_secret removed")
