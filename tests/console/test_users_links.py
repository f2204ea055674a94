"""Linked accounts as administrators see them: all there is to know, and nothing to remove."""

import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import FederatedLink, RemovedLink
from tests import keys
from tests.routes import fill, routes


@pytest.fixture
def path(alice):
    """Return where alice's links are."""
    return f"/console/users/{alice.public_id}/links/"


def test_shows_identity_origin_attribute_and_times(console, connection, alice, path):
    FederatedLink.objects.create(
        connection=connection, subject="two", user=alice, origin="implicit", matched_by="email"
    )

    page = console.get(path).content.decode()

    for shown in (
        "Acme Workforce",
        keys.SUBJECT,
        "Set up by an administrator",
        "Matched during a token exchange",
        "<code>email</code>",
        "Never",
        "Only the owner removes a link.",
    ):
        assert shown in page


def test_shows_what_the_owner_removed(console, connection, alice, path):
    assert "Removed by the owner" not in console.get(path).content.decode()
    RemovedLink.objects.create(user=alice, connection=connection, subject="former")

    page = console.get(path).content.decode()

    assert "Removed by the owner" in page
    assert "former" in page


def test_says_how_a_link_comes_to_be_where_there_is_none(console, bob):
    page = console.get(f"/console/users/{bob.public_id}/links/").content.decode()

    assert "No linked accounts" in page


def test_the_page_has_no_form_but_the_frames_own(console, path):
    page = console.get(path).content.decode()
    main = re.search(r"<main.*?</main>", page, re.DOTALL)[0]

    assert "<form" not in main
    assert "<button" not in main


def test_a_subject_cannot_write_html_nor_break_the_page(console, connection, alice, path):
    subject = "<img src=x onerror=alert(1)>" + "\u202e" + "x" * 200
    FederatedLink.objects.create(
        connection=connection, subject=subject, user=alice, origin="implicit"
    )

    page = console.get(path).content.decode()

    assert "<img" not in page
    assert "x" * 130 not in page


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_the_page_only_reads(console, path, method):
    assert getattr(console, method)(path).status_code == 405
    assert FederatedLink.objects.exists()


def test_no_address_for_users_removes_a_link_whatever_is_sent(console, connection, alice):
    link = FederatedLink.objects.get()
    sent = {"links": "[]", "link": link.pk, "delete": "on", "remove": link.pk, "username": "alice"}
    about_users = [route for route, _pattern in routes() if "public_id" in route]
    assert len(about_users) >= 8

    for route in about_users:
        path = "/" + fill(route, lambda _converter: alice.public_id)
        for method in (console.post, console.put, console.delete):
            assert method(path, sent).status_code < 500

    link.refresh_from_db()
    assert link.user == alice
    assert not RemovedLink.objects.exists()


def test_asks_as_often_for_many_as_for_one(
    console, connection, alice, path, django_assert_num_queries
):
    with django_assert_num_queries(5):  # session, administrator, user, links, removed ones
        console.get(path)
    for number in range(20):
        FederatedLink.objects.create(
            connection=connection, subject=str(number), user=alice, origin="owner"
        )
        RemovedLink.objects.create(user=alice, connection=connection, subject=f"former {number}")
    with django_assert_num_queries(5):
        console.get(path)


@pytest.mark.parametrize(
    ("say", "word"),
    [
        ({"paused_at": timezone.now()}, "Paused"),
        ({"expires_at": timezone.now()}, "Over"),
        ({"is_limited": True}, "Limited"),
    ],
)
def test_shows_what_the_owner_said_and_offers_nothing_against_it(console, path, say, word):
    FederatedLink.objects.update(**say)

    page = console.get(path).content.decode()

    assert f">{word}</span>" in page
    assert "<form" not in page.partition("<main")[2].partition("</main>")[0]


def test_no_entry_of_a_file_undoes_what_the_owner_said(alice, tmp_path):  # AT-132
    FederatedLink.objects.update(paused_at=timezone.now())
    file = tmp_path / "agio.yaml"
    entry = f"{{connection: Acme Workforce, subject: '{keys.SUBJECT}'}}"
    file.write_text(f"users: [{{username: alice, links: [{entry}]}}]")
    call_command("apply", str(file), stdout=StringIO())
    assert FederatedLink.objects.get().paused_at

    file.write_text(f"users: [{{username: alice, links: [{entry[:-1]}, paused_at: null}}]}}]")

    with pytest.raises(CommandError, match="paused_at"):
        call_command("apply", str(file), stdout=StringIO())
