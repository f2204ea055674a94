"""What the list says of each connection besides its columns: use, certificates, keys."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, IntegerField, Max, OuterRef, Subquery
from django.utils import timezone

from connections.health import EXPIRES_SOON, Health
from connections.models import Certificate, Connection
from idp.models import ExchangeRecord

COUNTED = 1000


class Within(Subquery):
    """Count rows of a subquery that has a limit: never more than the limit is read."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS bounded)"
    output_field = IntegerField()


class FailedWithin(Within):
    """Count the failed ones among the same rows."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS bounded WHERE outcome <> 'granted')"


@dataclass(frozen=True, slots=True)
class Row:
    """A connection as the list shows it."""

    connection: Connection
    health: Health
    exchanges: int
    failed: int
    last_used_at: datetime | None
    certificates: int
    certificate_ends_at: datetime | None

    @property
    def exchanges_shown(self) -> str:
        """Write the number of exchanges, as far as they are counted."""
        return f"{COUNTED:,}+" if self.exchanges > COUNTED else f"{self.exchanges:,}"

    @property
    def failed_shown(self) -> str:
        """Write the number of failed ones, among those that are counted."""
        return f"{min(self.failed, COUNTED):,}{'+' if self.exchanges > COUNTED else ''}"

    @property
    def is_by_url(self) -> bool:
        """Say whether keys come from a JWKS URL."""
        return self.connection.key_source == Connection.KeySource.JWKS

    @property
    def days(self) -> int | None:
        """Return the days until the last certificate ends; None where that is far away."""
        ends_at = self.certificate_ends_at
        if ends_at is None or ends_at > timezone.now() + EXPIRES_SOON:
            return None
        return (ends_at - timezone.now()).days


def rows(connections: Sequence[Connection]) -> list[Row]:
    """Return the rows of a page, with two queries for all of them. Each has its `health`."""
    keys = [connection.pk for connection in connections]
    used = {each["pk"]: each for each in _use(keys)}
    certified = {each["connection"]: each for each in _certificates(keys)}
    return [
        Row(
            connection=connection,
            health=Health(connection.health),
            exchanges=used[connection.pk]["exchanges"],
            failed=used[connection.pk]["failed"],
            last_used_at=used[connection.pk]["last_used_at"],
            certificates=certified.get(connection.pk, {}).get("number", 0),
            certificate_ends_at=certified.get(connection.pk, {}).get("ends_at"),
        )
        for connection in connections
        if connection.pk in used  # else it was deleted a moment ago
    ]


def _use(keys: list[int]) -> Sequence[dict]:
    since = timezone.now() - timedelta(hours=24)
    mine = ExchangeRecord.objects.filter(connection=OuterRef("pk")).order_by("-at")
    recent = mine.filter(at__gte=since).values("outcome")[: COUNTED + 1]
    found = Connection.objects.filter(pk__in=keys).annotate(
        exchanges=Within(recent),
        failed=FailedWithin(recent),
        last_used_at=Subquery(mine.values("at")[:1]),
    )
    return found.values("pk", "exchanges", "failed", "last_used_at")


def _certificates(keys: list[int]) -> Sequence[dict]:
    found = Certificate.objects.filter(connection__in=keys).order_by().values("connection")
    return found.annotate(number=Count("pk"), ends_at=Max("not_after"))
