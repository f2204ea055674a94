"""
How people may link their accounts to identities of a connection by themselves.

Either they sign in at the issuer, where we are registered as an OpenID Connect client, or they
present a fresh token of it. Both are off until an administrator turns them on.
"""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from connections import addresses, vault
from connections.fields import WordSetField

OPENID = "openid"  # always asked for: without it there is no ID token (OpenID Connect Core 3.1.2.1)
DEFAULT_SCOPES = frozenset({"profile", "email"})
PURPOSE = b"agio client secrets"


class AuthMethod(models.TextChoices):
    """How we authenticate at a token endpoint, by the names of RFC 7591 2."""

    BASIC = "client_secret_basic", _("In the header (client_secret_basic)")
    POST = "client_secret_post", _("In the body (client_secret_post)")


class SignInClient(models.Model):
    """The columns of a connection that are about linking by oneself."""

    link_by_sign_in = models.BooleanField(_("link by signing in"), default=False)
    link_by_token = models.BooleanField(_("link by a fresh token"), default=False)
    client_id = models.CharField(_("client ID"), max_length=255, blank=True)
    sealed_client_secret = models.TextField(_("client secret"), blank=True)
    authorization_endpoint = models.CharField(
        _("authorization endpoint"), max_length=500, blank=True
    )
    token_endpoint = models.CharField(_("token endpoint"), max_length=500, blank=True)
    token_endpoint_auth_method = models.CharField(
        _("client authentication"), max_length=20, choices=AuthMethod, default=AuthMethod.BASIC
    )
    sign_in_scopes = WordSetField(_("scopes"), default=DEFAULT_SCOPES)
    answers_with_issuer = models.BooleanField(_("answers name the issuer"), default=False)

    class Meta:
        """Columns of a connection."""

        abstract = True

    @property
    def client_secret(self) -> str:
        """Return the secret that proves who we are. :raises vault.WrongSecretKey:"""
        return vault.unseal(self.sealed_client_secret.encode(), purpose=PURPOSE).decode()


def seal(client_secret: str) -> str:
    """Encrypt a client secret; an empty one stays empty."""
    if not client_secret:
        return ""
    return vault.seal(client_secret.encode(), purpose=PURPOSE).decode()


def problems(client: SignInClient) -> dict[str, Any]:
    """Return what is wrong with the addresses of a client, by column."""
    local = settings.ALLOW_LOCAL_ISSUERS
    found = {}
    for column in ("authorization_endpoint", "token_endpoint"):
        url = getattr(client, column)
        if url and (problem := addresses.fetch_problem(url, allow_local=local)):
            found[column] = problem
    if client.client_id and not addresses.is_plain_text(client.client_id):
        found["client_id"] = _("Enter the client ID without spaces or control characters.")
    return found


def _sign_in_needs(column: str, sentence: Any) -> models.CheckConstraint:
    return models.CheckConstraint(
        name=f"connection_sign_in_needs_{column}",
        condition=Q(link_by_sign_in=False) | ~Q(**{column: ""}),
        violation_error_message=sentence,
    )


CONSTRAINTS = [
    _sign_in_needs("client_id", _("Enter the client ID that the issuer registered us with.")),
    _sign_in_needs("sealed_client_secret", _("Enter the client secret that the issuer gave us.")),
    _sign_in_needs("authorization_endpoint", _("Enter where people sign in at the issuer.")),
    _sign_in_needs("token_endpoint", _("Enter where the issuer takes authorization codes.")),
    models.CheckConstraint(
        name="connection_known_auth_method",
        condition=Q(token_endpoint_auth_method__in=AuthMethod.values),
    ),
]
