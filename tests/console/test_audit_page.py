"""The audit log: the list, one entry, and the export. Nothing here changes an entry."""

import csv
import io
import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from idp.console import paging
from idp.console.audit_log import AuditFilter
from idp.models import AuditEvent
from tests import hostile_names

PAGE = "/console/audit/"
EXPORT = "/console/audit/export/"


@pytest.fixture
def add(db):
    """Return a function that adds an entry, changed by its keywords."""

    def run(**changes):
        good = {
            "actor_name": "root",
            "action": "connection.updated",
            "target_kind": "connection",
            "target_id": "1",
            "target_name": "Acme Workforce",
        }
        event = AuditEvent(**good | changes)
        event.save()
        return event

    return run


def shown(response) -> list[str]:
    """Return the primary keys of the rows that a page shows, in order."""
    return [str(event.pk) for event in response.context["page"].rows]


def exported(response) -> list[dict[str, str]]:
    """Return the rows of an export."""
    text = b"".join(response.streaming_content).decode()
    return list(csv.DictReader(io.StringIO(text)))


def test_shows_who_did_what_to_what_newest_first(console, add):
    old = add(at=timezone.now() - timedelta(days=1))
    new = add(actor_name="alice", action="user.password-replaced", target_kind="user")

    response = console.get(PAGE)

    page = response.content.decode()
    assert shown(response) == [str(new.pk), str(old.pk)]
    for text in ("alice", "user.password-replaced", "Acme Workforce", f"/console/audit/{new.pk}/"):
        assert text in page


@pytest.mark.parametrize(
    ("query", "other"),
    [
        ("actor=root", {"actor_name": "roots"}),
        ("kind=connection", {"target_kind": "user", "action": "user.updated"}),
        ("action=updated", {"action": "connection.created"}),
        ("kind=connection&action=updated", {"action": "connection.deleted"}),
        ("kind=connection&target=1", {"target_id": "11"}),
        ("period=day", {"at": timezone.now() - timedelta(days=2)}),
    ],
)
def test_filters_the_list_and_the_export_by(console, add, query, other):
    wanted = add()
    add(**other)

    assert shown(console.get(f"{PAGE}?{query}")) == [str(wanted.pk)]
    assert [row["id"] for row in exported(console.get(f"{EXPORT}?{query}"))] == [str(wanted.pk)]


@pytest.mark.parametrize("query", ["actor=%00", "kind=moon", "target=%00", "period=ages"])
@pytest.mark.parametrize("path", [PAGE, EXPORT])
def test_says_that_a_filter_of_the_url_is_not_understood(console, add, path, query):
    add()

    response = console.get(f"{path}?{query}")

    assert response.status_code == 422
    assert "a filter is not understood" in response.content.decode()
    assert shown(response) == []


def test_pages_by_key_with_the_filters(console, add, monkeypatch):
    monkeypatch.setattr(paging, "ROWS", 2)
    now = timezone.now()
    events = [add(at=now - timedelta(minutes=n)) for n in range(3)]

    first = console.get(f"{PAGE}?actor=root")
    older = console.get(f"{PAGE}?actor=root&after={first.context['page'].older}")

    assert shown(first) == [str(e.pk) for e in events[:2]]
    assert shown(older) == [str(events[2].pk)]
    assert "Older" in first.content.decode()
    assert "Newer" in older.content.decode()


def test_the_export_is_a_file_without_formulas(console, add):
    add(target_name='=HYPERLINK("https://evil.example")', after={"name": "@SUM(A1)"})

    response = console.get(EXPORT)

    assert response.streaming
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"].startswith('attachment; filename="audit-log')
    assert "no-store" in response["Cache-Control"]
    assert exported(response)[0]["target_name"].startswith("'=")


def test_the_link_to_the_export_keeps_the_filters(console, add):
    add()

    page = console.get(f"{PAGE}?actor=root&kind=connection").content.decode()

    assert f'href="{EXPORT}?actor=root&amp;kind=connection"' in page


def test_an_entry_shows_before_beside_after(console, add, connection):
    event = add(
        target_id=str(connection.pk),
        before={"alias": "old", "algorithms": ["RS256"], "gone": "x"},
        after={"alias": "new", "algorithms": ["ES256", "RS256"], "enabled": False},
    )

    page = " ".join(console.get(f"{PAGE}{event.pk}/").content.decode().split())

    for path, before, after in (
        ("alias", "old", "new"),
        ("algorithms", "RS256", "ES256, RS256"),
        ("gone", "x", "–"),
        ("enabled", "–", "off"),
    ):
        head = f"<code><bdi>{path}</bdi></code></th>"
        cells = "".join(
            f' <td data-label="{name}" class="ui-value"><bdi>{value}</bdi></td>'
            for name, value in (("Before", before), ("After", after))
        )
        assert head + cells in page


def test_an_entry_outlives_what_it_names(console, add):
    event = add(target_id="999999")

    page = console.get(f"{PAGE}{event.pk}/").content.decode()

    assert "Acme Workforce" in page
    assert "/console/connections/999999/" not in page


@pytest.mark.parametrize("target", ["not-a-number", "9" * 40, ""])
def test_an_entry_whose_target_cannot_be_looked_up_is_shown(console, add, target):
    event = add(target_id=target)

    assert console.get(f"{PAGE}{event.pk}/").status_code == 200


def test_an_entry_that_does_not_exist_is_not_found(console):
    assert console.get(f"{PAGE}{uuid.uuid4()}/").status_code == 404


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_changes_an_entry(console, add, method):
    event = add()

    for path in (PAGE, EXPORT, f"{PAGE}{event.pk}/"):
        assert getattr(console, method)(path).status_code == 405
    assert AuditEvent.objects.get().action == "connection.updated"


def test_an_empty_log_says_what_will_stand_there(console):
    page = console.get(PAGE).content.decode()

    assert "Nothing was changed yet" in page


def test_the_number_of_queries_does_not_grow(console, add, django_assert_num_queries):
    for _ in range(60):
        add()

    with django_assert_num_queries(3):  # session, person, entries
        console.get(PAGE)


@pytest.mark.only("sqlite")  # PostgreSQL plans by the number of rows
@pytest.mark.parametrize(
    ("query", "index"),
    [
        ("", "audit_event_at"),
        ("actor=root", "audit_event_actor"),
        ("kind=user", "audit_event_kind"),
        ("action=user.deleted", "audit_event_action"),
        ("kind=user&target=1", "audit_event_target"),
    ],
)
def test_an_index_serves_the_filter(add, rf, query, index):
    rows = AuditFilter(rf.get(f"{PAGE}?{query}").GET, AuditEvent.objects.all()).qs

    plan = rows.order_by("-at", "-pk")[:51].explain()

    assert f"USING INDEX {index}" in plan, plan


@pytest.mark.parametrize("text", hostile_names.TEXTS)
def test_strangers_texts_do_nothing(console, add, text):
    """AT-129."""
    event = add(actor_name=text, target_name=text, before={text: text}, after={text: [text]})

    for path in (PAGE, f"{PAGE}{event.pk}/"):
        hostile_names.assert_harmless(console.get(path).content.decode(), text)
