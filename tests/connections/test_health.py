"""How a connection is: the same in a list, on its page, and as a filter."""

from datetime import timedelta

import pytest
from django.utils import timezone

from connections.certificates import parse
from connections.health import Health, health_of, with_health
from connections.models import Connection, KeySet
from connections.trusted_keys import add_certificates
from tests import keys
from tests.fixtures import change


def certified(connection: Connection, *spans: tuple[int, int]) -> Connection:
    """Give a connection certificates that are valid from and to so many days from now."""
    connection.certificates.all().delete()
    for number, (starts, ends) in enumerate(spans):
        span = {"starts": timedelta(days=starts), "ends": timedelta(days=ends, hours=1)}
        pem = keys.certificate("ES256", str(number), **span)
        add_certificates(connection, parse(pem.encode()))
    return connection


@pytest.mark.parametrize(
    ("spans", "health"),
    [
        ([(-1, 30)], Health.HEALTHY),
        ([(-1, 29)], Health.ATTENTION),
        ([(-1, 1), (0, 90)], Health.HEALTHY),  # the next one is there already
        ([(-9, -1)], Health.FAILING),
        ([(-9, -1), (-1, 90)], Health.HEALTHY),
        ([(2, 90)], Health.FAILING),
        ([], Health.FAILING),
    ],
)
def test_certificates_are_told_apart_by_their_dates(connection, spans, health):
    assert health_of(certified(connection, *spans)) == health


@pytest.mark.parametrize(("failure", "health"), [("", "healthy"), ("It is late.", "failing")])
def test_a_failed_fetch_is_failing(connection, failure, health):
    change(connection, key_source="jwks", jwks_uri="https://login.acme.example/jwks")
    KeySet.objects.create(owner=connection, jwks_uri=connection.jwks_uri, failure=failure)

    assert health_of(connection) == health


def test_a_failure_at_a_former_url_does_not_count(connection):
    change(connection, key_source="jwks", jwks_uri="https://login.acme.example/jwks")
    KeySet.objects.create(owner=connection, jwks_uri="https://old.example/jwks", failure="Late.")

    assert health_of(connection) == Health.HEALTHY


def test_disabled_comes_before_everything_else(connection):
    change(certified(connection, (-9, -1)), enabled=False)

    assert health_of(connection) == Health.DISABLED


def test_the_filter_finds_what_the_rows_show(connection):
    found = with_health(Connection.objects.all(), timezone.now())

    for health in Health:
        expected = [connection] if health == Health.HEALTHY else []
        assert list(found.filter(health=health)) == expected
