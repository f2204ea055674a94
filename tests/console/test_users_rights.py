"""Disabling, unlocking, administrators: with one always left who can act."""

import threading

import pytest
from django.db import connection as database
from django.utils import timezone

from accounts.models import User
from accounts.serializers import UserSerializer
from idp.models import AuditEvent
from tests.fixtures import change


@pytest.fixture
def press(console):
    """Return a function that presses a button on somebody's page."""

    def press(user: User, button: str):
        return console.post(f"/console/users/{user.public_id}/{button}/")

    return press


@pytest.fixture
def second(db):
    """Return another administrator."""
    return User.objects.create_superuser("second", "correct horse battery staple")


def test_a_disabled_person_is_out_with_the_next_click(client, press, bob, second):
    other = type(client)()
    other.force_login(second)
    assert other.get("/console/users/").status_code == 200

    response = press(second, "disable")

    second.refresh_from_db()
    assert not second.is_active
    assert other.get("/console/users/").status_code == 302
    assert response["Location"] == f"/console/users/{second.public_id}/"
    assert AuditEvent.objects.get().action == "user.disabled"


def test_a_disabled_person_is_enabled_again(press, bob):
    press(bob, "disable")
    press(bob, "enable")

    bob.refresh_from_db()
    assert bob.is_active
    actions = AuditEvent.objects.order_by("at").values_list("action", flat=True)
    assert list(actions) == ["user.disabled", "user.enabled"]


def test_pressing_twice_changes_and_records_once(press, bob):
    press(bob, "disable")
    assert press(bob, "disable").status_code == 302

    assert AuditEvent.objects.count() == 1


def test_the_page_says_with_numbers_what_stops(console, exchange, application, alice):
    change(application, prioritize_local=True)
    assert exchange().status_code == 200

    page = console.get(f"/console/users/{alice.public_id}/").content.decode()

    assert "1 access token is inactive;" in page
    assert "tokens of 1 linked account are refused." in page


def test_tokens_of_a_disabled_person_are_inactive(press, post, exchange, application, alice):
    change(application, prioritize_local=True)
    token = exchange().json()["access_token"]
    assert post("/oauth2/introspect", {"token": token}).json()["active"]

    press(alice, "disable")

    assert post("/oauth2/introspect", {"token": token}).json() == {"active": False}


def test_unlocks_who_was_locked_out(console, press, bob):
    change(bob, locked_at=timezone.now())
    assert "Unlock account" in console.get(f"/console/users/{bob.public_id}/").content.decode()

    press(bob, "unlock")

    bob.refresh_from_db()
    assert bob.locked_at is None
    event = AuditEvent.objects.get()
    assert (event.action, event.target_name) == ("user.unlocked", "bob")
    press(bob, "unlock")
    assert AuditEvent.objects.count() == 1


@pytest.mark.parametrize("button", ["disable", "remove-administrator"])
def test_nobody_takes_away_their_own_rights(console, press, administrator, second, button):
    response = press(administrator, button)

    page = response.content.decode()
    assert response.status_code == 422
    assert "nobody takes away their own rights" in page
    administrator.refresh_from_db()
    assert (administrator.is_active, administrator.is_administrator) == (True, True)
    assert not AuditEvent.objects.exists()


def test_the_own_page_has_no_such_buttons(console, administrator):
    page = console.get(f"/console/users/{administrator.public_id}/").content.decode()

    assert "This is you." in page
    assert "/disable/" not in page
    assert "/remove-administrator/" not in page


def test_rights_are_given_and_taken(press, second, bob):
    press(second, "remove-administrator")
    second.refresh_from_db()
    assert not second.is_administrator

    press(second, "make-administrator")
    second.refresh_from_db()
    assert second.is_administrator
    assert AuditEvent.objects.filter(action="user.updated").count() == 2


def test_a_new_administrator_without_a_password_gets_one_that_is_shown_once(console, press, bob):
    response = press(bob, "make-administrator")

    password = response.context["password_shown_once"]
    bob.refresh_from_db()
    assert bob.check_password(password)
    assert password in response.content.decode()
    assert "no-store" in response["Cache-Control"]
    assert password not in console.get(f"/console/users/{bob.public_id}/").content.decode()
    for event in AuditEvent.objects.all():
        assert password not in f"{event.before}{event.after}"


@pytest.mark.django_db
@pytest.mark.parametrize("entry", [{"active": False}, {"administrator": False}])
def test_the_last_administrator_stays_whoever_asks(administrator, entry):
    (key,) = entry
    serializer = UserSerializer(administrator, data=entry, partial=True)

    assert not serializer.is_valid()
    assert "this is the last one" in str(serializer.errors[key][0])


@pytest.mark.parametrize("state", [{"is_active": False}, {"locked_at": timezone.now()}])
def test_an_administrator_who_cannot_act_counts_for_nothing(administrator, second, state):
    change(second, **state)
    serializer = UserSerializer(administrator, data={"administrator": False}, partial=True)

    assert not serializer.is_valid()
    assert "last_administrator" in str(serializer.errors)


def test_an_administrator_who_cannot_act_may_be_removed(administrator, press, second):
    change(second, locked_at=timezone.now())

    assert press(second, "remove-administrator").status_code == 302


def test_the_buttons_address_leads_back_to_the_page(console, bob):
    for button in ("disable", "enable", "unlock", "reset", "make-administrator"):
        response = console.get(f"/console/users/{bob.public_id}/{button}/")
        assert response["Location"] == f"/console/users/{bob.public_id}/"


@pytest.mark.django_db(transaction=True)
def test_two_who_remove_each_other_at_the_same_moment_do_not_both_succeed(client):
    people = [User.objects.create_superuser(name, "a good long password") for name in ("a", "b")]
    browsers = []
    for person in people:
        browser = type(client)(raise_request_exception=False)
        browser.force_login(person)
        browsers.append(browser)
    barrier, statuses = threading.Barrier(2), []

    def remove(browser, person):
        barrier.wait()
        path = f"/console/users/{person.public_id}/remove-administrator/"
        statuses.append(browser.post(path).status_code)
        database.close()

    threads = [
        threading.Thread(target=remove, args=pair)
        for pair in zip(browsers, reversed(people), strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert User.objects.filter(is_administrator=True).count() == 1
    assert 302 in statuses
    assert set(statuses) <= {302, 403, 422}
