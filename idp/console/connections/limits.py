"""How often an administrator may make the server fetch or parse something."""

import hashlib
from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from idp.models import FailedAttempts
from idp.writing import turn_to_write

USES = 30
WINDOW = timedelta(minutes=1)


class TooOften(Exception):
    """Say that it was too often, and when to try again."""


def spend(person: User) -> None:
    """
    Count one use of a tool. Counts are shared by all workers, like those of failures.

    :raises TooOften: after 30 uses within a minute
    """
    key = hashlib.sha256(f"console tools {person.pk}".encode()).hexdigest()
    now = timezone.now()
    rows = FailedAttempts.objects.filter(key=key)
    with turn_to_write(), transaction.atomic():
        rows.filter(ends_at__lte=now).delete()
        FailedAttempts.objects.get_or_create(
            key=key, defaults={"failures": 0, "ends_at": now + WINDOW}
        )
        is_allowed = rows.filter(failures__lt=USES).update(failures=F("failures") + 1)
    if not is_allowed:
        raise TooOften(
            _("You used the tools 30 times within a minute. Wait a minute, then try again.")
        )
