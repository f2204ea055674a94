"""Client secrets: two overlap, and the former one ends."""

from datetime import UTC, datetime, timedelta

import pytest

from applications import secrets
from applications.models import Application

NOW = datetime(2026, 1, 1, tzinfo=UTC)
FIRST = "first-" * 8
SECOND = "second-" * 8


@pytest.fixture
def application(db: None) -> Application:
    application = Application.objects.create(
        name="Orders", client_id="orders", type="traditional-web"
    )
    secrets.set_secret(application, FIRST, now=NOW)
    return Application.objects.get()


def is_good(secret: str, at: datetime = NOW) -> bool:
    return secrets.matches(secret, Application.objects.get().secret_digests(at))


def test_the_secret_itself_is_not_stored(application: Application):
    assert is_good(FIRST)
    assert FIRST not in str(Application.objects.values().get())


def test_the_first_secret_has_no_former_one(application: Application):
    assert application.former_secret_digest == ""
    assert application.former_secret_expires_at is None


def test_the_former_secret_is_good_for_a_day(application: Application):
    assert secrets.set_secret(application, SECOND, now=NOW)

    assert is_good(SECOND)
    assert is_good(FIRST, NOW + timedelta(hours=23, minutes=59))
    assert not is_good(FIRST, NOW + timedelta(hours=24))
    assert is_good(SECOND, NOW + timedelta(days=400))


def test_the_same_secret_changes_nothing(application: Application):
    secrets.set_secret(application, SECOND, now=NOW)

    assert not secrets.set_secret(application, SECOND, now=NOW + timedelta(hours=1))
    assert not is_good(FIRST, NOW + timedelta(hours=24))


def test_going_back_to_the_former_secret_makes_it_the_present_one(application: Application):
    secrets.set_secret(application, SECOND, now=NOW)

    secrets.set_secret(application, FIRST, now=NOW)

    assert is_good(FIRST, NOW + timedelta(days=400))
    assert not is_good(SECOND, NOW + timedelta(days=1))


def test_a_third_secret_ends_the_first(application: Application):
    secrets.set_secret(application, SECOND, now=NOW)

    secrets.set_secret(application, "third-" * 8, now=NOW)

    assert not is_good(FIRST)
    assert is_good(SECOND)


def test_rotation_returns_a_secret_that_is_good(application: Application):
    secret = secrets.rotate_secret(application, now=NOW)

    assert is_good(secret)
    assert application.secret_tail == secret[-4:]


def test_the_overlap_can_be_ended(application: Application):
    secrets.set_secret(application, SECOND, now=NOW)

    secrets.revoke_former_secret(application)

    assert not is_good(FIRST)
    assert is_good(SECOND)


def test_forgetting_leaves_no_secret(application: Application):
    secrets.set_secret(application, SECOND, now=NOW)

    secrets.forget_secrets(application)

    assert not is_good(FIRST)
    assert not is_good(SECOND)


def test_a_short_secret_gives_nothing_of_itself_away(application: Application):
    secrets.set_secret(application, "short", now=NOW)

    assert application.secret_tail == ""
