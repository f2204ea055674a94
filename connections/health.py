"""
How a connection is: whether tokens of its issuer can be verified now, and for how much longer.

The one definition is SQL, so that a list can be filtered by what its rows show.
"""

from datetime import datetime, timedelta

from django.db.models import (
    Case,
    CharField,
    Exists,
    OuterRef,
    Q,
    QuerySet,
    TextChoices,
    Value,
    When,
)
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from connections.models import Certificate, Connection, KeySet

EXPIRES_SOON = timedelta(days=30)


class Health(TextChoices):
    """How a connection is."""

    HEALTHY = "healthy", _("Healthy")
    ATTENTION = "attention", _("Needs attention")
    FAILING = "failing", _("Failing")
    DISABLED = "disabled", _("Disabled")


def with_health(connections: QuerySet[Connection], now: datetime) -> QuerySet[Connection]:
    """
    Add `health` to connections.

    Failing: the last fetch of keys failed, or no certificate is valid now. Needing attention: the
    certificate that lasts longest ends soon; a successor that was added early is enough.
    """
    by_url = Q(key_source=Connection.KeySource.JWKS)
    certificates = Certificate.objects.filter(connection=OuterRef("pk"))
    is_valid = Exists(certificates.filter(not_before__lte=now, not_after__gte=now))
    is_lasting = Exists(certificates.filter(not_after__gte=now + EXPIRES_SOON))
    fetched = KeySet.objects.filter(owner=OuterRef("pk"), jwks_uri=OuterRef("jwks_uri"))
    has_failed = Exists(fetched.exclude(failure=""))
    return connections.annotate(
        health=Case(
            When(enabled=False, then=Value(Health.DISABLED)),
            When(by_url & has_failed, then=Value(Health.FAILING)),
            When(by_url, then=Value(Health.HEALTHY)),
            When(~is_valid, then=Value(Health.FAILING)),
            When(~is_lasting, then=Value(Health.ATTENTION)),
            default=Value(Health.HEALTHY),
            output_field=CharField(),
        )
    )


def health_of(connection: Connection) -> Health:
    """Return how a connection is now."""
    row = with_health(Connection.objects.filter(pk=connection.pk), timezone.now())
    return Health(row.values_list("health", flat=True).get())
