"""How often somebody may make the server do something that costs others."""

import hashlib
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from idp.models import FailedAttempts
from idp.writing import turn_to_write


@dataclass(frozen=True, slots=True)
class Limit:
    """How often, within what time, and what to say beyond."""

    name: str
    uses: int
    window: timedelta
    sentence: str | Promise


TOOLS = Limit(
    "console tools",
    30,
    timedelta(minutes=1),
    _("You used the tools 30 times within a minute. Wait a minute, then try again."),
)
RESET_MAILS = Limit(
    "reset mails",
    3,
    timedelta(hours=1),
    _("Three links were sent to this person within an hour. Wait for an hour, then try again."),
)


SORRY = _("That was too often within an hour. Wait for an hour, then try again.")
OWN_RESET_MAILS = Limit("own reset mails", 3, timedelta(hours=1), SORRY)
ADDRESS_MAILS = Limit("address mails", 5, timedelta(hours=1), SORRY)
TEXT_MESSAGES = Limit("text messages", 5, timedelta(hours=1), SORRY)


class TooOften(Exception):
    """Say that it was too often, and when to try again."""


def spend(person: User, limit: Limit = TOOLS) -> None:
    """
    Count one use, by somebody or for somebody. All workers share the counts, as those of failures.

    :raises TooOften: where the limit is reached
    """
    key = hashlib.sha256(f"{limit.name} {person.pk}".encode()).hexdigest()
    now = timezone.now()
    rows = FailedAttempts.objects.filter(key=key)
    with turn_to_write(), transaction.atomic():
        rows.filter(ends_at__lte=now).delete()
        FailedAttempts.objects.get_or_create(
            key=key, defaults={"failures": 0, "ends_at": now + limit.window}
        )
        is_allowed = rows.filter(failures__lt=limit.uses).update(failures=F("failures") + 1)
    if not is_allowed:
        raise TooOften(limit.sentence)
