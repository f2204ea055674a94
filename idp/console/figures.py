"""
The last 24 hours in figures, from the record of exchanges.

One grouped query over an index. Where there are many rows its result is kept for half a minute: an
overview that everybody opens first must not read a million of them each time.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from django.core.cache import cache
from django.db.models import CharField, Count, Func
from django.utils import timezone

from idp.models import ExchangeRecord

HOURS = 24
CACHE_KEY = "console-figures"
KEPT_FOR = 30  # seconds, where counting takes long
QUICK = 20_000  # exchanges are counted in some 10 ms: then the first one is seen at once
REASONS_SHOWN = 8
NEW_LINK = "new-link"


@dataclass(frozen=True, slots=True)
class Hour:
    """What happened in one hour."""

    begins: datetime
    succeeded: int = 0
    failed: int = 0

    @property
    def total(self) -> int:
        """Return how many exchanges there were."""
        return self.succeeded + self.failed


@dataclass(frozen=True, slots=True)
class Figures:
    """The last 24 hours, the hour at hand included; `reasons` are pairs of reason and number."""

    as_of: datetime
    hours: Sequence[Hour]
    new_links: int
    reasons: Sequence[tuple[str, int]] = field(default_factory=tuple)

    @property
    def succeeded(self) -> int:
        """Return how many exchanges were granted."""
        return sum(hour.succeeded for hour in self.hours)

    @property
    def failed(self) -> int:
        """Return how many were refused or failed."""
        return sum(hour.failed for hour in self.hours)

    @property
    def total(self) -> int:
        """Return how many there were."""
        return self.succeeded + self.failed

    @property
    def since(self) -> datetime:
        """Return the moment from which they are counted."""
        return self.hours[0].begins


class HourText(Func):
    """The hour of a time in UTC, as text. Django's own calls Python for each row on SQLite."""

    output_field = CharField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """Cut the text that SQLite keeps."""
        return self.as_sql(
            compiler, connection, template="substr(%(expressions)s, 1, 13)", **context
        )

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """Write the time as that text."""
        template = "to_char(%(expressions)s AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24')"
        return self.as_sql(compiler, connection, template=template, **context)


def figures() -> Figures:
    """Return the figures: of a busy server at most half a minute old, else of this moment."""
    found: Figures | None = cache.get(CACHE_KEY)
    if found is None:
        found = _count()
        if found.total > QUICK:
            cache.set(CACHE_KEY, found, KEPT_FOR)
    return found


def _count() -> Figures:
    now = timezone.now()
    first = now.replace(minute=0, second=0, microsecond=0) - timedelta(hours=HOURS - 1)
    records = ExchangeRecord.objects.filter(at__gte=first).order_by()
    groups = list(
        records.annotate(hour=HourText("at"))
        .values_list("hour", "outcome", "identity")
        .annotate(number=Count("pk"))
    )
    failed = records.exclude(outcome=ExchangeRecord.Outcome.GRANTED)
    reasons = failed.values_list("reason").annotate(number=Count("pk")).order_by("-number")
    return Figures(
        as_of=now,
        hours=[_hour(first + timedelta(hours=offset), groups) for offset in range(HOURS)],
        new_links=sum(
            number
            for _hour, outcome, identity, number in groups
            # Where something failed after the decision, no link was written.
            if identity == NEW_LINK and outcome == ExchangeRecord.Outcome.GRANTED
        ),
        reasons=tuple(reasons[:REASONS_SHOWN]),
    )


def _hour(begins: datetime, groups: Iterable[tuple[str, str, str, int]]) -> Hour:
    text = begins.astimezone(UTC).strftime("%Y-%m-%d %H")
    counted: Mapping[bool, int] = {
        granted: sum(
            number
            for hour, outcome, _identity, number in groups
            if hour == text and (outcome == ExchangeRecord.Outcome.GRANTED) == granted
        )
        for granted in (True, False)
    }
    return Hour(begins, succeeded=counted[True], failed=counted[False])
