"""The list of connections."""

from datetime import timedelta

import pytest
from django.utils import timezone

from connections.models import Connection, KeySet
from idp.console.connections import figures
from idp.models import ExchangeRecord
from tests import keys
from tests.connections.test_health import certified

URL = "/console/connections/"


def by_url(name: str, **columns) -> Connection:
    """Return a connection with a JWKS URL."""
    issuer = f"https://{name.lower()}.example"
    return Connection.objects.create(
        name=name, issuer=issuer, jwks_uri=f"{issuer}/jwks.json", **columns
    )


def exchanged(connection: Connection, number: int, outcome: str = "granted", hours: int = 1):
    """Record exchanges."""
    at = timezone.now() - timedelta(hours=hours)
    ExchangeRecord.objects.bulk_create(
        ExchangeRecord(connection=connection, outcome=outcome, at=at) for _number in range(number)
    )


def see(console, **filters) -> str:
    return console.get(URL, filters).content.decode()


def test_an_empty_list_says_what_a_connection_is(console):
    page = see(console)

    assert "Trust your first issuer" in page
    assert 'href="/console/connections/setup/"' in page


def test_shows_how_each_connection_is_and_what_it_does(console, connection):
    certified(connection, (-1, 19))
    acme = by_url("Zulu")
    KeySet.objects.create(
        owner=acme, jwks_uri=acme.jwks_uri, keys=keys.jwks("RS256", "ES256")["keys"],
        fetched_at=timezone.now(),
    )  # fmt: skip
    exchanged(connection, 3)
    exchanged(connection, 2, "refused")
    exchanged(connection, 7, hours=25)

    page = see(console)

    for shown in ("Needs attention", "Expires in 19 days", "2 failed", "2 keys, fetched", "Never"):
        assert shown in page
    row = figures.rows(list(with_shown(connection)))[0]
    assert (row.exchanges_shown, row.failed_shown) == ("5", "2")


def with_shown(connection):
    """Return a connection as the list reads it."""
    from connections.health import with_health

    return with_health(Connection.objects.filter(pk=connection.pk), timezone.now())


def test_a_busy_connection_is_counted_to_a_thousand(console, connection):
    exchanged(connection, 1001)
    exchanged(connection, 2000, hours=30)

    assert "1,000+" in see(console)


def test_a_failed_fetch_says_why(console):
    broken = by_url("Broken")
    KeySet.objects.create(owner=broken, jwks_uri=broken.jwks_uri, failure="It answers <b>500</b>.")

    page = see(console)

    assert "Failing" in page
    assert "Last fetch failed: It answers &lt;b&gt;500" in page


@pytest.mark.parametrize(
    ("filters", "names"),
    [
        ({"status": "disabled"}, ["Sleeping"]),
        ({"status": "failing"}, ["Broken"]),
        ({"status": "healthy"}, ["Acme Workforce", "Awake"]),
        ({"status": "nonsense"}, ["Acme Workforce", "Awake", "Broken", "Sleeping"]),
        ({"q": "AWAKE"}, ["Awake"]),
        ({"q": "broken.example"}, ["Broken"]),
        ({"q": "a\0wake"}, ["Awake"]),
        ({"q": "x" * 10_000}, []),
        ({"after": "made up"}, ["Acme Workforce", "Awake", "Broken", "Sleeping"]),
    ],
)
def test_search_and_status_find(console, connection, filters, names):
    by_url("Awake")
    by_url("Sleeping", enabled=False)
    broken = by_url("Broken")
    KeySet.objects.create(owner=broken, jwks_uri=broken.jwks_uri, failure="Late.")

    page = console.get(URL, filters)

    assert [row.connection.name for row in page.context["rows"]] == names
    if not names:
        assert "Clear filters" in page.content.decode()


def test_a_page_has_fifty_rows_and_the_same_number_of_queries(console, django_assert_num_queries):
    for number in range(60):
        by_url(f"Number-{number:02}")
    console.get(URL)

    with django_assert_num_queries(6):  # session, person, rows, use, certificates, drafts
        page = console.get(URL)

    assert len(page.context["rows"]) == 50
    following = console.get(URL, {"after": page.context["page"].older})
    assert len(following.context["rows"]) == 10


def test_htmx_gets_the_rows_alone(console, connection):
    page = console.get(URL, headers={"HX-Request": "true"}).content.decode()

    assert "Acme Workforce" in page
    assert "<h1>" not in page
