"""The record of every exchange attempt."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from connections.models import Connection


class ExchangeRecord(models.Model):
    """
    One attempt to exchange a token: what was proved before its outcome, and the outcome.

    It starts out as failed, so that a crash never looks like a grant. Texts come from strangers:
    bounded, without control characters. A token appears as its SHA-256 only.
    """

    class Outcome(models.TextChoices):
        """How an attempt ended."""

        GRANTED = "granted", _("Granted")
        REFUSED = "refused", _("Refused")
        FAILED = "failed", _("Failed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    at = models.DateTimeField(default=timezone.now, db_index=True)
    outcome = models.CharField(max_length=7, choices=Outcome, default=Outcome.FAILED)
    error = models.CharField(max_length=32, blank=True)
    reason = models.CharField(max_length=40, blank=True, help_text="check.problem")
    description = models.CharField(max_length=300, blank=True, help_text="Told to the client.")
    found = models.CharField(max_length=300, blank=True)
    wanted = models.CharField(max_length=300, blank=True)

    client_id = models.CharField(max_length=255, blank=True)
    application = models.ForeignKey(
        settings.OAUTH2_PROVIDER_APPLICATION_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        db_index=False,
    )
    issuer = models.CharField(max_length=255, blank=True)
    connection = models.ForeignKey(
        Connection, models.SET_NULL, null=True, related_name="+", db_index=False
    )
    subject = models.CharField(max_length=255, blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", db_index=False
    )
    identity = models.CharField(
        max_length=10, blank=True, help_text="Whom the token is for: federated, linked, new-link."
    )
    subject_token_type = models.CharField(max_length=100, blank=True)
    requested_token_type = models.CharField(max_length=100, blank=True)
    subject_token_digest = models.CharField(max_length=64, blank=True)
    audience = models.CharField(max_length=500, blank=True)
    scope = models.CharField(max_length=500, blank=True)
    jti = models.CharField(max_length=64, blank=True, help_text="Of the token issued.")
    remote_address = models.GenericIPAddressField(null=True)
    evidence = models.JSONField(
        default=dict, help_text="What the checks looked at, and what they held it against."
    )

    class Meta:
        """Newest first. Every index is written at every exchange: see idp.models.tokens."""

        ordering = ["-at"]
        indexes = [
            models.Index(
                fields=["user"], condition=Q(user__isnull=False), name="exchange_record_user"
            ),
            models.Index(
                fields=["application", "-at"],
                condition=Q(application__isnull=False),
                name="exchange_record_application",
            ),
            models.Index(
                fields=["connection", "-at"],
                condition=Q(connection__isnull=False),
                name="exchange_record_connection",
            ),
            models.Index(
                fields=["reason", "-at"],
                condition=~Q(outcome="granted"),
                name="exchange_record_reason",
            ),
            models.Index(
                fields=["outcome", "-at"],
                condition=~Q(outcome="granted"),
                name="exchange_record_refused",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.outcome} {self.id}"
