"""
The tokens we issued. Only their SHA-256 is stored: whoever reads the database can use none.

Rows point at everything a token depends on, so that disabling any of it is seen at the next use,
and deleting any of it deletes the token. These are django-oauth-toolkit's swapped token models.
"""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import FederatedLink
from connections.models import Connection

OIDC_SCOPES = frozenset({"openid", "offline_access", "profile", "email", "phone"})


class Standing(models.Model):
    """What a token or a family of tokens stands on; see idp.tokens.standing."""

    # Every index is written at every exchange. Those of columns that have few different values,
    # and entries for null, would be read by nobody: such rows are found only to be deleted.
    application = models.ForeignKey(
        settings.OAUTH2_PROVIDER_APPLICATION_MODEL,
        models.CASCADE,
        related_name="+",
        db_index=False,
    )
    connection = models.ForeignKey(
        Connection, models.CASCADE, null=True, related_name="+", db_index=False
    )
    link = models.ForeignKey(
        FederatedLink, models.CASCADE, null=True, related_name="+", db_index=False
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+", db_index=False
    )
    revoked_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        """Columns shared by tokens and families."""

        abstract = True
        indexes = [
            models.Index(fields=["link"], condition=Q(link__isnull=False), name="%(class)s_link"),
            models.Index(fields=["user"], condition=Q(user__isnull=False), name="%(class)s_user"),
        ]


class TokenFamily(Standing):
    """All tokens of one exchange, or one sign-in, and its refresh tokens (RFC 9700 4.14)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    claims = models.JSONField(default=dict)
    scope = models.TextField(blank=True)
    audience = models.JSONField(default=list)
    consent = models.ForeignKey(
        "idp.Consent",
        models.CASCADE,
        null=True,
        related_name="families",
        help_text="Of a sign-in: what its person agreed to.",
    )
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return str(self.id)

    @property
    def free_scopes(self) -> frozenset[str]:
        """Return the scopes that need no registration: those of a sign-in (OpenID Connect)."""
        return OIDC_SCOPES if self.consent_id else frozenset()


class AccessToken(Standing):
    """An access token, JWT or opaque."""

    digest = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the token.")
    kid = models.CharField(max_length=64, blank=True, help_text="Key that signed it; JWT only.")
    claims = models.JSONField(null=True, help_text="What introspection tells; opaque only.")
    scope = models.TextField(blank=True)
    family = models.ForeignKey(
        TokenFamily, models.CASCADE, null=True, related_name="access_tokens", db_index=False
    )

    class Meta(Standing.Meta):
        """Also found by family, where there is one."""

        indexes = [
            *Standing.Meta.indexes,
            models.Index(
                fields=["family"], condition=Q(family__isnull=False), name="%(class)s_family"
            ),
        ]

    def __str__(self) -> str:
        return self.digest


class RefreshToken(models.Model):
    """A refresh token: used once, after which a second use ends its family."""

    family = models.ForeignKey(TokenFamily, models.CASCADE, related_name="refresh_tokens")
    digest = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the token.")
    created_at = models.DateTimeField(auto_now_add=True)
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.digest
