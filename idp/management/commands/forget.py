"""Forget what is past its date."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from idp.forget import forget


class Command(BaseCommand):
    """Delete expired tokens and old records; run it once a day."""

    help = "Delete expired tokens, spent one-time tokens and records older than they are kept."

    def handle(self, *args: Any, **options: Any) -> None:
        """Delete, and say how much."""
        for kind, rows in forget(timezone.now()).items():
            self.stdout.write(f"{kind}: {rows}")
