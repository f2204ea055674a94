"""What people agreed to, and the codes that stand for it for a minute."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from idp.models.tokens import TokenFamily


class Consent(models.Model):
    """
    That a person lets an application sign them in, with these scopes.

    Withdrawn, it takes every token along that stands on it.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="consents")
    application = models.ForeignKey(
        settings.OAUTH2_PROVIDER_APPLICATION_MODEL, models.CASCADE, related_name="consents"
    )
    scope = models.TextField(blank=True)
    given_at = models.DateTimeField(default=timezone.now)

    class Meta:
        """One for each application."""

        constraints = [models.UniqueConstraint(fields=["user", "application"], name="consent_once")]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.application_id}"


class AuthorizationCode(models.Model):
    """A code, by its SHA-256: good once, for a minute, for who asked (RFC 6749 4.1.2)."""

    digest = models.CharField(max_length=64, unique=True)
    application = models.ForeignKey(
        settings.OAUTH2_PROVIDER_APPLICATION_MODEL, models.CASCADE, related_name="+"
    )
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    consent = models.ForeignKey(Consent, models.CASCADE, related_name="+")
    family = models.ForeignKey(TokenFamily, models.CASCADE, null=True, related_name="+")
    redirect_uri = models.TextField()
    code_challenge = models.CharField(max_length=43)
    scope = models.TextField(blank=True)
    nonce = models.TextField(blank=True)
    authentication = models.JSONField(default=dict, help_text="auth_time and amr.")
    epoch = models.PositiveIntegerField(help_text="Of the account, when the code was made.")
    expires_at = models.DateTimeField(db_index=True)
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.digest
