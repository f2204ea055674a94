"""The first page: figures of a day, what needs attention, the way to the first exchange."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone

from connections.models import Certificate, KeySet
from idp.console import figures
from idp.models import ExchangeRecord
from tests import hostile_names
from tests.fixtures import change

PAGE = "/console/"


def text_of(console) -> str:
    """Return the page on one line."""
    return " ".join(console.get(PAGE).content.decode().split())


def record(**changes):
    """Record an attempt."""
    good = {"outcome": "granted", "identity": "federated"}
    return ExchangeRecord.objects.create(**good | changes)


def test_counts_the_last_24_hours_only(console):
    now = timezone.now()
    record(at=now - timedelta(hours=1))
    record(at=now - timedelta(hours=1), outcome="refused", reason="time.expired")
    record(at=now - timedelta(hours=22), outcome="failed")
    record(at=now - timedelta(hours=25))

    found = console.get(PAGE).context["figures"]

    assert (found.total, found.succeeded, found.failed) == (3, 1, 2)


def test_a_link_counts_only_where_the_token_was_issued(console):
    record(identity="new-link")
    record(identity="new-link", outcome="refused", reason="target.not-allowed")
    record(identity="new-link", outcome="failed")

    assert console.get(PAGE).context["figures"].new_links == 1


def test_each_hour_stands_in_the_table(console):
    at = timezone.now() - timedelta(hours=3)
    for _ in range(7):
        record(at=at)

    hour = at.strftime("%Y-%m-%d %H:00")
    assert f'<th scope="row">{hour}</th> <td class="ui-number">7</td>' in text_of(console)


def test_the_first_exchange_is_seen_at_once(console):
    assert console.get(PAGE).context["figures"].total == 0
    record()

    assert console.get(PAGE).context["figures"].total == 1


def test_figures_that_took_long_are_kept_for_half_a_minute(console, monkeypatch):
    monkeypatch.setattr(figures, "QUICK", 0)
    record()
    first = console.get(PAGE).context["figures"]
    record()

    assert console.get(PAGE).context["figures"].as_of == first.as_of
    cache.clear()
    assert console.get(PAGE).context["figures"].total == 2


@pytest.mark.parametrize(
    ("failure", "query"),
    [
        ({"outcome": "refused", "reason": "audience.not-us"}, "reason=audience.not-us"),
        ({"outcome": "failed"}, "result=failed"),
    ],
)
def test_a_reason_leads_to_exactly_what_it_counts(console, failure, query):
    wanted = record(**failure)
    record(**failure, at=timezone.now() - timedelta(days=3))
    record()

    assert f'href="/console/exchanges/?period=day&amp;{query}"' in text_of(console)
    listed = console.get(f"/console/exchanges/?period=day&{query}").context["page"]
    assert [row.pk for row in listed.rows] == [wanted.pk]


def test_more_rows_cost_no_more_queries(console, django_assert_max_num_queries):
    for n in range(30):
        record(at=timezone.now() - timedelta(minutes=n * 40))

    with django_assert_max_num_queries(9):
        console.get(PAGE)


@pytest.mark.parametrize("days", [-1, 29])
def test_warns_of_the_last_certificate(console, connection, days):
    Certificate.objects.update(not_after=timezone.now() + timedelta(days=days))

    text = text_of(console)

    assert "Needs attention" in text
    assert f'href="/console/connections/{connection.pk}/keys/"' in text


def test_a_certificate_that_lasts_is_no_concern(console, connection):
    Certificate.objects.update(not_after=timezone.now() + timedelta(days=31))

    assert "Needs attention" not in text_of(console)


def test_leads_to_the_first_exchange_until_it_succeeds(console, exchange, application):
    assert "Get to your first exchange" in text_of(console)
    assert "3 of 4 done" in text_of(console)
    curl = f'href="/console/applications/{application.pk}/exchange/"'
    assert curl in text_of(console)

    exchange()

    assert "Get to your first exchange" not in text_of(console)


@pytest.mark.parametrize("text", hostile_names.TEXTS)
def test_strangers_texts_do_nothing(console, connection, text):
    """AT-129."""
    change(connection, key_source="jwks", jwks_uri="https://login.acme.example/jwks")
    KeySet.objects.create(
        owner=connection, jwks_uri=connection.jwks_uri, failure=text, attempted_at=timezone.now()
    )

    hostile_names.assert_harmless(console.get(PAGE).content.decode(), text)
