"""The owner's page of linked accounts: what it says, and what it does (AL-03 to AL-05, AT-120)."""

import time
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import FederatedLink, RemovedLink, User
from idp.models import LinkLimit, LinkUse
from tests import keys
from tests.account.conftest import PASSWORD
from tests.hostile_names import TEXTS, assert_harmless

PAGE = "/account/linked-accounts/"
ACTIONS = ["pause", "resume", "limit", "unlink"]


@pytest.fixture
def link(connection, application, owner):
    """Return the owner's link, for an application that prefers local accounts."""
    application.prioritize_local = True
    application.save()
    return FederatedLink.objects.create(
        connection=connection,
        subject=keys.SUBJECT,
        user=owner,
        origin=FederatedLink.Origin.IMPLICIT,
        matched_by="email",
    )


@pytest.fixture
def theirs(connection, bob):
    """Return somebody else's link."""
    return FederatedLink.objects.create(
        connection=connection, subject="bob's", user=bob, origin=FederatedLink.Origin.OWNER
    )


def stale(browser: Client) -> None:
    """Let it be a while ago that the owner proved who they are."""
    session = browser.session
    session["proved_at"] = int(time.time()) - 301
    session.save()


def shown(browser: Client) -> str:
    """Return the page."""
    return browser.get(PAGE).content.decode()


def test_the_page_says_everything_about_a_link(browser, link, application):
    LinkUse.objects.create(
        link=link,
        application=application,
        first_used_at=timezone.now(),
        last_used_at=timezone.now(),
    )

    page = shown(browser)

    for text in (
        "Acme Workforce",
        keys.SUBJECT,
        "Linked automatically, because your verified e-mail address matched",
        "Never used yet",
        "Orders",
        link.connection.issuer,
    ):
        assert text in page


def test_other_peoples_links_are_not_there(browser, theirs):
    assert "bob" not in shown(browser)
    assert "Nothing is linked to your account" in shown(browser)


@pytest.mark.parametrize("action", ACTIONS)
def test_other_peoples_links_cannot_be_changed(browser, theirs, action):  # AT-133
    before = FederatedLink.objects.values().get()

    response = browser.post(f"{PAGE}{theirs.pk}/{action}/", {"is_limited": "on"})

    assert response.status_code == 404
    assert FederatedLink.objects.values().get() == before


@pytest.mark.parametrize("action", ["limit", "unlink"])
def test_other_peoples_links_cannot_be_looked_at(browser, theirs, action):
    assert browser.get(f"{PAGE}{theirs.pk}/{action}/").status_code == 404


def test_a_link_that_somebody_else_removed_cannot_be_allowed(browser, connection, bob):
    removed = RemovedLink.objects.create(user=bob, connection=connection, subject="x")

    assert browser.post(f"{PAGE}removed/{removed.pk}/").status_code == 404
    assert RemovedLink.objects.exists()


def test_a_link_is_paused_and_resumed(browser, link):
    assert browser.post(f"{PAGE}{link.pk}/pause/").headers["Location"] == PAGE
    link.refresh_from_db()
    assert link.paused_at
    assert "Paused" in shown(browser)

    browser.post(f"{PAGE}{link.pk}/resume/")

    link.refresh_from_db()
    assert link.paused_at is None


def test_to_pause_needs_no_password_since_it_is_urgent(browser, link):
    stale(browser)

    browser.post(f"{PAGE}{link.pk}/pause/")

    link.refresh_from_db()
    assert link.paused_at


@pytest.mark.parametrize("action", ["resume", "limit", "unlink"])
def test_to_change_more_one_proves_again_who_one_is(browser, link, action):  # AL-03
    FederatedLink.objects.update(paused_at=timezone.now())
    stale(browser)
    before = FederatedLink.objects.values().get()

    response = browser.post(f"{PAGE}{link.pk}/{action}/", {"is_limited": "on"})

    assert response.headers["Location"].startswith("/account/confirm/?next=")
    assert FederatedLink.objects.values().get() == before


def test_what_was_typed_survives_a_proof_that_became_too_old(browser, link):
    stale(browser)
    page = f"{PAGE}{link.pk}/limit/"
    response = browser.post(page, {"is_limited": "on", "until": "2999-12-31", "password": "x"})
    assert "password" not in str(browser.session["typed_before_the_proof"])

    browser.post(response.headers["Location"], {"password": PASSWORD, "next": page})
    shown_again = browser.get(page).content.decode()

    assert 'value="2999-12-31"' in shown_again
    link.refresh_from_db()
    assert not link.is_limited  # nothing is carried out by the proof alone
    assert 'value="2999-12-31"' not in browser.get(page).content.decode()


def test_to_allow_again_one_proves_again_who_one_is(browser, owner, connection):
    removed = RemovedLink.objects.create(user=owner, connection=connection, subject="x")
    stale(browser)

    browser.post(f"{PAGE}removed/{removed.pk}/")

    assert RemovedLink.objects.exists()


@pytest.mark.parametrize("path", [f"{{pk}}/{action}/" for action in ACTIONS] + ["removed/{pk}/"])
def test_nothing_is_changed_by_looking_or_by_a_forged_form(browser, owner, link, path):  # AT-122
    RemovedLink.objects.create(pk=link.pk, user=owner, connection=link.connection, subject="x")
    before = [*FederatedLink.objects.values(), *RemovedLink.objects.values()]
    forger = Client(enforce_csrf_checks=True)
    forger.cookies = browser.cookies

    browser.get(PAGE + path.format(pk=link.pk))
    assert forger.post(PAGE + path.format(pk=link.pk)).status_code == 403

    assert [*FederatedLink.objects.values(), *RemovedLink.objects.values()] == before


def test_unlinking_tells_the_consequence_and_removes_the_link(browser, owner, link):
    page = browser.get(f"{PAGE}{link.pk}/unlink/").content.decode()
    assert "It is not linked again automatically." in page
    assert "How you sign in here stays as it is." in page

    browser.post(f"{PAGE}{link.pk}/unlink/")

    assert not FederatedLink.objects.exists()
    assert RemovedLink.objects.get().subject == keys.SUBJECT
    assert "Unlinked by you" in shown(browser)
    assert browser.get("/account/").status_code == 200  # AL-05: still signed in, and able to
    assert Client().login(username=owner.username, password="correct horse battery staple")


def test_a_second_click_on_unlink_finds_nothing(browser, link):
    browser.post(f"{PAGE}{link.pk}/unlink/")

    assert browser.post(f"{PAGE}{link.pk}/unlink/").status_code == 404


def test_what_was_unlinked_is_allowed_again(browser, owner, connection):
    removed = RemovedLink.objects.create(user=owner, connection=connection, subject="x")

    browser.post(f"{PAGE}removed/{removed.pk}/")

    assert not RemovedLink.objects.exists()


def test_a_link_is_limited_to_applications_and_to_a_day(browser, link, application):
    tomorrow = timezone.now().date() + timedelta(days=1)
    data = {"is_limited": "on", "applications": [application.pk], "until": tomorrow.isoformat()}

    response = browser.post(f"{PAGE}{link.pk}/limit/", data)

    assert response.status_code == 302
    link.refresh_from_db()
    assert link.is_limited
    assert link.expires_at.date() == tomorrow
    assert link.expires_at > datetime.combine(tomorrow, datetime.min.time(), UTC)
    assert LinkLimit.objects.get().application == application
    assert "Only for:" in shown(browser)
    page = browser.get(f"{PAGE}{link.pk}/limit/").content.decode()
    assert f'value="{tomorrow.isoformat()}"' in page


def test_applications_count_only_with_the_switch(browser, link, application):
    browser.post(f"{PAGE}{link.pk}/limit/", {"applications": [application.pk]})

    link.refresh_from_db()
    assert not link.is_limited
    assert not LinkLimit.objects.exists()


@pytest.mark.parametrize(
    ("mistake", "sentence"),
    [
        ({"until": "2020-01-01"}, "This day is over."),
        ({"until": "soon"}, "Enter a valid date."),
        ({"until": "9999999-01-01"}, "Enter a valid date."),
        ({"applications": ["4711"]}, "Select a valid choice."),
    ],
)
def test_a_mistake_is_told_and_changes_nothing(browser, link, mistake, sentence):
    response = browser.post(f"{PAGE}{link.pk}/limit/", {"is_limited": "on"} | mistake)

    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert "checked" in response.content.decode()
    link.refresh_from_db()
    assert not link.is_limited


def test_applications_that_could_never_use_the_link_are_not_named(browser, link, application):
    """Which applications there are is not everybody's business."""
    application.prioritize_local = False
    application.save()

    assert "Orders" not in browser.get(f"{PAGE}{link.pk}/limit/").content.decode()


def test_no_field_beside_those_of_the_form_counts(browser, link, bob):  # AT-132
    data = {"user": bob.pk, "subject": "other", "connection": 0, "origin": "owner", "paused_at": ""}

    browser.post(f"{PAGE}{link.pk}/limit/", data)

    after = FederatedLink.objects.get()
    assert (after.user_id, after.subject, after.origin) == (link.user_id, keys.SUBJECT, "implicit")


def test_messages_are_switched_off_and_on(browser, owner, settings):
    settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}
    User.objects.filter(pk=owner.pk).update(email_verified=True)

    browser.post(f"{PAGE}notices/", {"wanted": "0"})
    owner.refresh_from_db()
    assert not owner.link_notices
    assert "Send me messages" in shown(browser)

    browser.post(f"{PAGE}notices/", {"wanted": "1"})
    owner.refresh_from_db()
    assert owner.link_notices


@pytest.mark.parametrize("text", TEXTS)
def test_texts_of_strangers_are_shown_as_text(browser, link, text):  # AL-11, AT-129
    link.subject = text
    link.save()

    assert_harmless(shown(browser), text)
    for action in ("limit", "unlink"):
        assert_harmless(browser.get(f"{PAGE}{link.pk}/{action}/").content.decode(), text)
