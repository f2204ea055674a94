"""The list of people: found by the beginning of a name, in pages, and fast among a million."""

import pytest
from django.db import connection
from django.utils import timezone

from accounts.finding import described_by
from accounts.models import FederatedLink, User
from idp.console.users.listing import STATES, users
from tests.fixtures import change

LIST = "/console/users/"


def names(response) -> list[str]:
    """Return who is on the page, in its order."""
    return [user.username for user in response.context["page"].rows]


@pytest.fixture
def people(alice, bob):
    """Return a few more people than the cast."""
    User.objects.create_user("alina", email="zoe@ours.example")
    User.objects.create_user("Straße", email="s@ours.example")
    return alice, bob


def test_shows_everybody_by_name_with_address_state_links_and_last_sign_in(console, people):
    page = console.get(LIST)

    assert names(page) == ["alice", "alina", "bob", "root", "Straße"]
    text = page.content.decode()
    for shown in ("alice@ours.example", "Verified", "Not verified", "Active", "Administrator"):
        assert shown in text
    assert [user.link_count for user in page.context["page"].rows] == [1, 0, 0, 0, 0]
    assert "Never" in text


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("ali", ["alice", "alina"]),
        ("ALI", ["alice", "alina"]),
        ("  ali ", ["alice", "alina"]),
        ("strasse", ["Straße"]),
        ("zoe@", ["alina"]),
        ("+49 30 123456", ["bob"]),
        ("lice", []),
        ("%", []),
        ("_lice", []),
        ("ali\0", ["alice", "alina"]),
        ("x" * 10_000, []),
        ("\U0010ffff", []),
    ],
)
def test_finds_by_the_beginning_of_name_or_address_or_by_number(console, people, words, found):
    assert names(console.get(LIST, {"q": words})) == found


def test_finds_by_id(console, people, bob):
    assert names(console.get(LIST, {"q": str(bob.public_id)})) == ["bob"]


def test_shows_only_whom_the_status_asks_for(console, people, alice, bob):
    change(alice, is_active=False)
    change(bob, locked_at=timezone.now())

    assert names(console.get(LIST, {"status": "disabled"})) == ["alice"]
    assert names(console.get(LIST, {"status": "locked"})) == ["bob"]
    assert names(console.get(LIST, {"status": "administrators"})) == ["root"]
    assert names(console.get(LIST, {"status": "active"})) == ["alina", "root", "Straße"]
    assert len(names(console.get(LIST, {"status": "no such"}))) == 5


def test_says_that_nobody_fits_and_leads_back_to_everybody(console):
    page = console.get(LIST, {"q": "zzz"}).content.decode()

    assert "Nobody fits" in page
    assert f'href="{LIST}">Clear filters' in page


def test_goes_on_by_name_and_keeps_the_filter(console):
    User.objects.bulk_create(
        User(username=f"u{n:03}", username_key=f"u{n:03}", password="!") for n in range(120)
    )
    first = console.get(LIST, {"q": "u"})
    second = console.get(LIST, {"q": "u", "after": first.context["page"].older})
    last = console.get(LIST, {"q": "u", "after": second.context["page"].older})

    assert names(first) + names(second) + names(last) == [f"u{n:03}" for n in range(120)]
    assert not last.context["page"].older
    back = console.get(LIST, {"q": "u", "before": last.context["page"].newer})
    assert names(back) == names(second)
    assert "q=u" in first.content.decode()


def test_htmx_gets_the_rows_and_a_page_from_the_history_is_whole(console, people):
    rows = console.get(LIST, headers={"HX-Request": "true"})
    whole = console.get(LIST, headers={"HX-Request": "true", "HX-History-Restore-Request": "true"})

    assert "<h1>" not in rows.content.decode()
    assert "alice" in rows.content.decode()
    assert "<h1>" in whole.content.decode()


def test_a_name_cannot_write_html(console):
    user = User.objects.create_user("mallory", given_name="<script>alert(1)</script>")

    for path in (LIST, f"{LIST}{user.public_id}/", f"{LIST}{user.public_id}/links/"):
        page = console.get(path).content.decode()
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert(1)" in page


def test_asks_as_often_for_many_as_for_one(console, people, connection, django_assert_num_queries):
    with django_assert_num_queries(4):  # session, administrator, people, their links
        console.get(LIST)
    for number in range(30):
        user = User.objects.create_user(f"many{number}")
        FederatedLink.objects.create(
            connection=connection, subject=str(number), user=user, origin="owner"
        )
    with django_assert_num_queries(4):
        console.get(LIST)


@pytest.mark.django_db
@pytest.mark.parametrize("words", ["ali", "+4930123456", "6f1ed002-ab5a-4a3f-9a1c-2d5f1a1f0001"])
def test_an_index_serves_each_search(words):
    plan = _plan(User.objects.filter(described_by(words)))

    assert "INDEX" in plan
    assert "SCAN ACCOUNTS_USER" not in plan


@pytest.mark.django_db
@pytest.mark.parametrize("state", STATES)
def test_an_index_serves_each_state_in_the_order_of_names(state):
    people = User.objects.filter(STATES[state][1]).order_by("username_key", "pk")[:51]

    plan = _plan(people)

    assert "INDEX" in plan
    assert "TEMP B-TREE" not in plan


@pytest.mark.django_db
def test_a_later_page_reads_nothing_of_the_ones_before(rf):
    from idp.console.paging import _beyond

    people = User.objects.filter(_beyond("username_key", ["m", "1"], less=False))

    plan = _plan(people.order_by("username_key", "pk")[:51])

    assert "USERNAME_KEY" in plan
    assert "SEARCH" in plan or "INDEX COND" in plan
    assert "TEMP B-TREE" not in plan


def _plan(people) -> str:
    """Return how the database goes about it; PostgreSQL is told that the table is large."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute("SET LOCAL enable_sort = off")
    plan = people.explain().upper()
    assert "SEQ SCAN" not in plan
    return plan


def test_the_view_is_for_administrators():
    assert users.is_for_administrators
