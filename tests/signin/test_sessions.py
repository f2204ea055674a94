"""One's own sessions, seen and ended."""

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client

from tests.signin.conftest import PASSWORD, is_signed_in, sign_in


@pytest.fixture
def two(ada) -> list[Client]:
    """Return two browsers in which ada is signed in."""
    browsers = [Client(HTTP_USER_AGENT="Firefox"), Client(HTTP_USER_AGENT="<script>alert(1)")]
    for browser in browsers:
        sign_in(browser)
    return browsers


def test_every_session_is_shown_and_the_present_one_marked(two):
    page = two[0].get("/account/sessions/").content.decode()

    assert page.index("This browser") < page.index("Firefox") < page.index("Another browser")
    assert "&lt;script&gt;alert(1)" in page


def test_another_session_is_ended_at_once(two):
    other = UserSession.objects.get(session_key=two[1].session.session_key)

    two[0].post(f"/account/sessions/{other.pk}/")

    assert [is_signed_in(browser) for browser in two] == [True, False]


def test_all_others_are_ended(two):
    two[1].post("/account/sessions/others/")

    assert [is_signed_in(browser) for browser in two] == [False, True]


def test_somebody_elses_session_is_not_there(two, bob):
    bob.set_password(PASSWORD)
    bob.save()
    stranger = Client()
    sign_in(stranger, "bob")
    adas = UserSession.objects.get(session_key=two[0].session.session_key)

    assert stranger.post(f"/account/sessions/{adas.pk}/").status_code == 404
    assert is_signed_in(two[0])
    assert "Firefox" not in stranger.get("/account/sessions/").content.decode()


def test_another_password_ends_other_sessions_and_keeps_this_one(two):
    data = {
        "old_password": PASSWORD,
        "new_password1": "a new one that is long",
        "new_password2": "a new one that is long",
    }

    assert two[0].post("/account/security/password/", data).status_code == 302

    assert [is_signed_in(browser) for browser in two] == [True, False]
    assert not Client().login(username="ada", password=PASSWORD)


@pytest.mark.parametrize(
    "mistake",
    [
        {"old_password": "wrong"},
        {"new_password2": "other"},
        {"new_password1": "12345678", "new_password2": "12345678"},
    ],
)
def test_a_mistake_changes_no_password(two, mistake):
    data = {
        "old_password": PASSWORD,
        "new_password1": "a new one that is long",
        "new_password2": "a new one that is long",
    }

    assert two[0].post("/account/security/password/", data | mistake).status_code == 422
    assert Client().login(username="ada", password=PASSWORD)
