"""The log of who changed what: it is only added to."""

import uuid
from typing import Any, Never

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils import timezone


class AppendOnly(Exception):
    """Somebody tried to change or delete an entry of the audit log."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*(args or ["The audit log is only added to."]))


class AuditEventQuerySet(models.QuerySet["AuditEvent"]):
    """Entries to read. The database refuses too, whoever goes around this class."""

    def update(self, **_values: Any) -> Never:
        """Refuse; bulk_update comes by here, too."""
        raise AppendOnly

    def delete(self) -> Never:
        """Refuse."""
        raise AppendOnly

    update.alters_data = delete.alters_data = True  # no template calls them
    delete.queryset_only = True


class AuditEvent(models.Model):
    """
    One change: who made it, to what, from where, and the values that changed.

    It has no foreign keys: names and ids are copied, and outlive what they name. Triggers refuse
    every UPDATE, and every DELETE of a row younger than 30 days; see migration 0002.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    at = models.DateTimeField(default=timezone.now)
    actor_name = models.CharField(max_length=150, help_text="A username, or the program's name.")
    actor_id = models.CharField(max_length=36, blank=True, help_text="A person's public_id.")
    action = models.CharField(max_length=60, help_text="kind.what-happened")
    target_kind = models.CharField(max_length=30)
    target_id = models.CharField(max_length=64)
    target_name = models.CharField(max_length=200)
    before = models.JSONField(default=dict, encoder=DjangoJSONEncoder, help_text="By dotted path.")
    after = models.JSONField(default=dict, encoder=DjangoJSONEncoder, help_text="By dotted path.")
    remote_address = models.GenericIPAddressField(null=True)
    request_id = models.CharField(max_length=36, blank=True)

    objects = AuditEventQuerySet.as_manager()

    class Meta:
        """Newest first; read in pages, and by what was changed."""

        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["at", "id"], name="audit_event_at"),
            models.Index(fields=["target_kind", "target_id", "at"], name="audit_event_target"),
            models.Index(fields=["target_kind", "at"], name="audit_event_kind"),
            models.Index(fields=["actor_name", "at"], name="audit_event_actor"),
            models.Index(fields=["action", "at"], name="audit_event_action"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.target_name}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Add the entry; refuse to change one."""
        if not self._state.adding:
            raise AppendOnly
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Never:
        """Refuse."""
        raise AppendOnly
