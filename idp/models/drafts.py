"""Connections that somebody began to set up."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone

from connections.models import Connection


class ConnectionDraft(models.Model):
    """
    What an administrator typed into the wizard, valid or not, until a connection is made of it.

    `values` maps each step to its fields. A draft that was finished keeps nothing but the
    connection, so that whoever sends it a second time is led there.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    administrator = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="connection_drafts"
    )
    values = models.JSONField(default=dict)
    connection = models.ForeignKey(
        Connection, models.CASCADE, null=True, related_name="+", help_text="Made of this draft."
    )
    changed_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        """The one worked on last comes first."""

        ordering = ["-changed_at"]

    def __str__(self) -> str:
        return self.values.get("general", {}).get("name", "")
