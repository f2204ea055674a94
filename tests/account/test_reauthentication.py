"""Before what cannot be undone, people prove again who they are."""

import time

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.core.cache import cache

from tests.account.conftest import PASSWORD
from tests.signin.conftest import SECRET, code

CONFIRM = "/account/confirm/"


def age(browser, seconds: int) -> None:
    """Let it be so long ago that the owner proved who they are."""
    session = browser.session
    session["proved_at"] = int(time.time()) - seconds
    session.save()


def test_the_right_password_leads_back(browser):
    age(browser, 400)

    response = browser.post(CONFIRM, {"password": PASSWORD, "next": "/account/linked-accounts/"})

    assert response.headers["Location"] == "/account/linked-accounts/"
    assert time.time() - browser.session["proved_at"] < 60


def test_a_wrong_password_does_not(browser):
    age(browser, 400)

    response = browser.post(CONFIRM, {"password": "wrong", "next": "/account/linked-accounts/"})

    assert response.status_code == 422
    assert "This is not your password." in response.content.decode()
    assert time.time() - browser.session["proved_at"] >= 400


def test_guessing_is_slowed_down_for_the_right_password_too(browser, settings):
    settings.CLIENT_FAILURES = 3
    for _attempt in range(3):
        browser.post(CONFIRM, {"password": "wrong"})

    response = browser.post(CONFIRM, {"password": PASSWORD})

    assert response.status_code == 422
    assert "That was wrong too often" in response.content.decode()


def test_a_code_is_good_once(browser, owner):
    TOTP.activate(owner, SECRET)
    age(browser, 400)
    once = code()
    assert browser.post(CONFIRM, {"code": once}).status_code == 302
    age(browser, 400)
    cache.clear()  # another worker's remembers nothing

    response = browser.post(CONFIRM, {"code": once})

    assert response.status_code == 422
    assert "used already" in response.content.decode()
    assert time.time() - browser.session["proved_at"] >= 400


def test_a_code_that_is_not_looked_at_is_not_used_up(browser, owner, settings):
    TOTP.activate(owner, SECRET)
    usual, settings.CLIENT_FAILURES = settings.CLIENT_FAILURES, 1
    browser.post(CONFIRM, {"code": "000000"})
    once = code()
    response = browser.post(CONFIRM, {"code": once})
    assert "That was wrong too often" in response.content.decode()

    settings.CLIENT_FAILURES = usual

    assert browser.post(CONFIRM, {"code": once}).status_code == 302


@pytest.mark.parametrize(
    "next_page",
    ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)"],
)
def test_it_leads_nowhere_else(browser, next_page):  # AT-134
    response = browser.post(CONFIRM, {"password": PASSWORD, "next": next_page})

    assert response.headers["Location"] == "/account/"


def test_a_clock_that_was_turned_back_proves_nothing(browser):
    age(browser, -400)

    response = browser.get("/account/linked-accounts/1/unlink/")

    assert response.headers["Location"].startswith(CONFIRM)
