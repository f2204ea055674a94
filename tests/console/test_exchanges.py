"""The list of recorded attempts: filters in the URL, pages by key, a million rows."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from applications.models import Application
from idp.console import paging
from idp.console.exchanges.filters import ExchangeFilter
from idp.models import ExchangeRecord
from tests import hostile_names, keys

PAGE = "/console/exchanges/"


@pytest.fixture
def add(db):
    """Return a function that records an attempt, changed by its keywords."""

    def run(**changes):
        good = {"outcome": "refused", "reason": "audience.not-us", "error": "invalid_request"}
        return ExchangeRecord.objects.create(**good | changes)

    return run


def shown(response) -> list[str]:
    """Return the primary keys of the rows that a page shows, in order."""
    return [str(record.pk) for record in response.context["page"].rows]


def pks(*records: ExchangeRecord) -> list[str]:
    """Return the primary keys of records."""
    return [str(record.pk) for record in records]


def test_shows_attempts_newest_first_with_the_reason_in_words(console, exchange):
    exchange()
    exchange(subject_token=keys.sign(aud="https://elsewhere.example"))

    response = console.get(PAGE)

    page = response.content.decode().partition("<tbody>")[2]
    assert page.index("Audience not accepted") < page.index("Granted")
    assert [r.outcome for r in response.context["page"].rows] == ["refused", "granted"]
    assert "Acme Workforce" in page
    assert keys.SUBJECT in page


def test_each_row_leads_to_its_record(console, add):
    record = add()

    page = console.get(PAGE).content.decode()

    assert f'href="/console/exchanges/{record.pk}/"' in page


@pytest.mark.parametrize(
    ("query", "fits", "other"),
    [
        ("result=refused", {}, {"outcome": "granted", "reason": ""}),
        ("result=failed", {"outcome": "failed", "reason": ""}, {}),
        ("result=granted", {"outcome": "granted", "reason": ""}, {}),
        ("reason=time.expired", {"reason": "time.expired"}, {}),
        ("period=hour", {}, {"at": timezone.now() - timedelta(minutes=61)}),
        ("period=day", {}, {"at": timezone.now() - timedelta(hours=25)}),
        ("period=week", {}, {"at": timezone.now() - timedelta(days=8)}),
        ("since=2026-01-02T00:00", {}, {"at": "2026-01-01T23:59:00Z"}),
        ("until=2026-01-02T00:00", {"at": "2026-01-01T23:59:00Z"}, {}),
    ],
)
def test_filters_by(console, add, query, fits, other):
    wanted = add(**fits)
    add(**other)

    response = console.get(f"{PAGE}?{query}")

    assert shown(response) == pks(wanted)


def test_filters_by_application_and_by_connection(console, add, application, connection):
    of_application = add(application=application)
    of_connection = add(connection=connection)

    assert shown(console.get(f"{PAGE}?application={application.pk}")) == pks(of_application)
    assert shown(console.get(f"{PAGE}?connection={connection.pk}")) == pks(of_connection)


@pytest.mark.parametrize("words", ["bob", "BOB", "bob@ours.example", " Bob@Ours.Example "])
def test_filters_by_the_whole_name_or_address_of_a_person(console, add, bob, words):
    add()
    wanted = add(user=bob)

    assert shown(console.get(PAGE, {"user": words})) == pks(wanted)


def test_a_name_that_only_looks_alike_is_somebody_else(console, add, bob):
    strasse = User.objects.create_user("strasse")
    add(user=strasse)

    assert shown(console.get(PAGE, {"user": "straße"})) == []


@pytest.mark.parametrize(
    "query",
    [
        "user=%00",
        "result=maybe",
        "reason=no.such",
        "application=999",
        "application=" + "9" * 5000,
        "application=" + "9" * 18,
        "connection=x'",
        "connection=%00",
        "period=fortnight",
        "since=yesterday",
        "since=9999-12-31T23:59-12:00",
        "until=0001-01-01T00:00%2B12:00",
    ],
)
def test_says_that_a_filter_of_the_url_is_not_understood(console, add, query):
    add()

    response = console.get(f"{PAGE}?{query}")

    assert response.status_code == 422
    assert "a filter is not understood" in response.content.decode()
    assert shown(response) == []


@pytest.mark.parametrize("query", ["after=x", "before=%00", "after=&before=", "unknown=1"])
def test_what_nobody_asked_for_is_ignored(console, add, query):
    record = add()

    response = console.get(f"{PAGE}?{query}")

    assert response.status_code == 200
    assert shown(response) == pks(record)


def test_the_filters_stay_while_paging(console, add, monkeypatch):
    monkeypatch.setattr(paging, "ROWS", 2)
    now = timezone.now()
    oldest_first = [add(at=now - timedelta(minutes=9 - n)) for n in range(5)]
    add(outcome="granted", reason="")

    first = console.get(f"{PAGE}?result=refused")
    page = first.content.decode()
    older = console.get(f"{PAGE}?result=refused&after={first.context['page'].older}")
    back = console.get(f"{PAGE}?result=refused&before={older.context['page'].newer}")

    assert shown(first) == shown(back) == pks(oldest_first[4], oldest_first[3])
    assert shown(older) == pks(oldest_first[2], oldest_first[1])
    assert "Older" in page
    assert "result=refused&amp;after=" in page
    assert "Newer" in older.content.decode()


def test_an_empty_list_says_what_will_stand_there(console):
    page = console.get(PAGE).content.decode()

    assert "No exchange yet" in page
    assert "No exchange fits" not in page


def test_a_list_without_a_match_says_so_and_lets_one_clear_the_filters(console, add):
    add()

    page = console.get(f"{PAGE}?result=granted").content.decode()

    assert "No exchange fits" in page
    assert "Clear filters" in page


def test_a_choice_past_the_first_hundred_stays_chosen(console, add, connection):
    many = [
        Application(name=f"a{n:03}", client_id=f"a{n:03}", type=Application.Type.STANDARD)
        for n in range(101)
    ]
    Application.objects.bulk_create(many)
    last = Application.objects.get(name="a100")

    page = console.get(f"{PAGE}?application={last.pk}").content.decode()

    assert f'<option value="{last.pk}" selected>a100</option>' in page
    assert page.count(">a0") == 100


def test_the_number_of_queries_does_not_grow(
    console, add, application, connection, bob, monkeypatch, django_assert_num_queries
):
    for n in range(60):
        add(application=application, connection=connection, user=bob, subject=f"s{n}")

    with django_assert_num_queries(5):  # session, person, applications, connections, records
        console.get(PAGE)


# fmt: off
PLANS = {
    "":                            "idp_exchangerecord_at",
    "period=day":                  "idp_exchangerecord_at",
    "result=refused":              "exchange_record_refused",
    "result=failed":               "exchange_record_refused",
    "reason=time.expired":         "exchange_record_reason",
    "application=1":               "exchange_record_application",
    "connection=1":                "exchange_record_connection",
    "user=bob":                    "exchange_record_user",
}
# fmt: on


@pytest.mark.only("sqlite")  # PostgreSQL plans by the number of rows
@pytest.mark.parametrize(("query", "index"), PLANS.items())
def test_an_index_serves_the_filter(add, application, connection, bob, rf, query, index):
    query = query.replace("application=1", f"application={application.pk}")
    query = query.replace("connection=1", f"connection={connection.pk}")
    request = rf.get(f"{PAGE}?{query}")
    rows = ExchangeFilter(request.GET, ExchangeRecord.objects.all()).qs

    plan = rows.order_by("-at", "-pk")[:51].explain()

    assert f"USING INDEX {index}" in plan, plan


@pytest.mark.parametrize("text", hostile_names.TEXTS)
def test_strangers_texts_do_nothing(console, add, text):
    """AT-129."""
    add(client_id=text, issuer=text, subject=text)

    page = console.get(PAGE).content.decode()

    hostile_names.assert_harmless(page, text)
