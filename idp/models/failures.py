"""How often somebody failed to prove who they are."""

from django.db import models


class FailedAttempts(models.Model):
    """Failures counted under one key until the window ends; see idp.throttle."""

    key = models.CharField(max_length=64, unique=True, help_text="SHA-256 of whom it counts.")
    failures = models.PositiveIntegerField()
    ends_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.key
