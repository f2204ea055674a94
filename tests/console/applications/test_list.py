"""The list of applications: found by a piece of a name, filtered, and cheap."""

from datetime import timedelta

import pytest
from django.utils import timezone

from applications.models import Application
from idp.console.applications import views
from idp.models import ExchangeRecord
from tests.console.applications.conftest import text_of

PATH = "/console/applications/"


@pytest.fixture
def three(db):
    """Return three applications of different types."""
    return [
        Application.objects.create(
            name=name, client_id=name.lower(), type=kind, enabled=enabled,
            authentication_method="none" if kind == "mobile" else "client_secret_basic",
        )
        for name, kind, enabled in (
            ("Alpha", "traditional-web", True),
            ("Beta", "mobile", True),
            ("Gamma", "machine-to-machine", False),
        )
    ]  # fmt: skip


def shown(response) -> list[str]:
    """Return the names on the page, in its order."""
    return [row["application"].name for row in response.context["rows"]]


def attempts(application, *ages: timedelta) -> None:
    ExchangeRecord.objects.bulk_create(
        ExchangeRecord(application=application, at=timezone.now() - age) for age in ages
    )


def test_an_empty_list_teaches_and_leads_on(console):
    page = text_of(console.get(PATH))

    assert "No application yet" in page
    assert "/console/applications/new/" in page


def test_applications_stand_in_the_order_of_their_names(console, three):
    assert shown(console.get(PATH)) == ["Alpha", "Beta", "Gamma"]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("q=ET", ["Beta"]),
        ("q=gamma", ["Gamma"]),
        ("type=mobile", ["Beta"]),
        ("state=disabled", ["Gamma"]),
        ("state=enabled&q=a", ["Alpha", "Beta"]),
        ("type=made-up&state=made-up", ["Alpha", "Beta", "Gamma"]),
        ("q=%00", ["Alpha", "Beta", "Gamma"]),
        ("after=made-up", ["Alpha", "Beta", "Gamma"]),
    ],
)
def test_filters_stand_in_the_address(console, three, query, names):
    assert shown(console.get(f"{PATH}?{query}")) == names


def test_nothing_that_matches_offers_to_clear_the_filters(console, three):
    page = text_of(console.get(f"{PATH}?q=nobody"))

    assert "No application matches" in page
    assert "Clear filters" in page


def test_htmx_gets_the_rows_only(console, three):
    page = text_of(console.get(f"{PATH}?q=Beta", headers={"HX-Request": "true"}))

    assert "Beta" in page
    assert "<html" not in page


def test_attempts_of_a_day_are_counted_and_the_last_use_is_told(console, three):
    attempts(three[0], timedelta(hours=1), timedelta(hours=23), timedelta(hours=25))
    attempts(three[1], timedelta(days=9))

    rows = console.get(PATH).context["rows"]

    assert [row["exchanges"] for row in rows] == [2, 0, 0]
    used = [row["application"].last_used for row in rows]
    assert used[0] > used[1]
    assert used[2] is None


def test_counting_stops_at_a_bound(console, three, monkeypatch):
    monkeypatch.setattr(views, "MOST_COUNTED", 2)
    attempts(three[0], *(timedelta(minutes=minute) for minute in range(5)))

    row = console.get(PATH).context["rows"][0]

    assert (row["exchanges"], row["has_more"]) == (2, True)
    assert "over 2" in text_of(console.get(PATH))
    assert views._with_use([three[0].pk]).get().exchanges == 3  # the database stops, too


def test_a_longer_list_takes_no_more_queries(console, three, django_assert_max_num_queries):
    many = [
        Application(name=f"App {number:03}", client_id=f"app-{number}", type="machine-to-machine")
        for number in range(60)
    ]
    Application.objects.bulk_create(many)

    with django_assert_max_num_queries(4):  # session, person, keys of the page, its rows
        page = console.get(PATH)

    assert len(shown(page)) == 50
    assert "and there are more" in text_of(page)


def test_a_name_cannot_become_markup(console, db):
    Application.objects.create(name="<script>alert(1)</script>", client_id="x", type="mobile",
                               authentication_method="none")  # fmt: skip

    assert "<script>alert" not in text_of(console.get(PATH))


def test_somebody_else_is_told_that_it_is_for_administrators(client, bob):
    client.force_login(bob)

    assert client.get(PATH).status_code == 403
