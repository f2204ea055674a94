"""One's mobile number: E.164 or refused, and verified by a code (AL-07, AT-119)."""

import re
import time

import pytest

from accounts.models import User

SENT: list[tuple[str, str]] = []


def keep(number: str, text: str) -> None:
    """Send nothing, and remember it."""
    SENT.append((number, text))


def fail(number: str, text: str) -> None:
    """Be a provider that is away."""
    raise OSError("away")


@pytest.fixture(autouse=True)
def sender(settings):
    """Send text messages to a list."""
    SENT.clear()
    settings.SMS_SENDER = f"{__name__}.keep"
    settings.PHONE_REGION = "DE"


def code() -> str:
    """Return the code that was sent last."""
    return re.search(r"\d{6}", SENT[-1][1])[0]


@pytest.mark.parametrize(
    "typed", ["030 123456", "+49 30 123456", "0049 30 123456", "(030) 123-456", "+4930123456"]
)
def test_a_number_is_kept_as_e164_once_its_code_was_entered(browser, owner, typed):
    browser.post("/account/mobile/", {"number": typed})
    assert SENT[0][0] == "+4930123456"
    owner.refresh_from_db()
    assert owner.mobile == ""

    browser.post("/account/mobile/code/", {"code": code()})

    owner.refresh_from_db()
    assert (owner.mobile, owner.mobile_verified) == ("+4930123456", True)


@pytest.mark.parametrize(
    "typed", ["", "abc", "12", "+", "+49 30 123456 ext 5", "٠٣٠١٢٣٤٥٦", "+999 123456", "1" * 200]
)
def test_what_is_no_number_is_told_and_sends_nothing(browser, typed):
    assert browser.post("/account/mobile/", {"number": typed}).status_code == 422
    assert SENT == []


def test_without_a_region_a_country_code_is_needed(browser, settings):
    settings.PHONE_REGION = ""

    assert browser.post("/account/mobile/", {"number": "030 123456"}).status_code == 422
    assert browser.post("/account/mobile/", {"number": "+49 30 123456"}).status_code == 302


def test_a_wrong_code_verifies_nothing_and_five_end_it(browser, owner):
    browser.post("/account/mobile/", {"number": "030 123456"})
    wrong = "000000" if code() != "000000" else "111111"
    for _time in range(5):
        assert browser.post("/account/mobile/code/", {"code": wrong}).status_code == 422

    browser.post("/account/mobile/code/", {"code": code()})

    owner.refresh_from_db()
    assert not owner.mobile_verified


def test_a_code_that_is_too_old_verifies_nothing(browser, owner):
    browser.post("/account/mobile/", {"number": "030 123456"})
    session = browser.session
    session["pending_number"] |= {"ends": int(time.time()) - 1}
    session.save()

    browser.post("/account/mobile/code/", {"code": code()})

    owner.refresh_from_db()
    assert not owner.mobile_verified


def test_a_code_verifies_the_number_it_was_sent_to(browser, owner):
    browser.post("/account/mobile/", {"number": "030 123456"})
    first = code()
    browser.post("/account/mobile/", {"number": "030 654321"})
    session = browser.session
    session["pending_number"] |= {"tries": 0}
    session.save()

    browser.post("/account/mobile/code/", {"code": first})

    owner.refresh_from_db()
    assert owner.mobile == "" or first == code()


def test_somebody_elses_number_cannot_be_taken(browser, owner, bob):
    browser.post("/account/mobile/", {"number": bob.mobile})

    response = browser.post("/account/mobile/code/", {"code": code()})

    assert response.status_code == 422
    owner.refresh_from_db()
    assert owner.mobile == ""
    assert User.objects.get(username="bob").mobile_verified


def test_only_five_messages_an_hour_are_sent(browser):
    for _time in range(5):
        browser.post("/account/mobile/", {"number": "030 123456"})

    assert browser.post("/account/mobile/", {"number": "030 123456"}).status_code == 422
    assert len(SENT) == 5


def test_a_sender_that_fails_is_told(browser, settings):
    settings.SMS_SENDER = f"{__name__}.fail"

    response = browser.post("/account/mobile/", {"number": "030 123456"})

    assert response.status_code == 422
    assert "030 123456" in response.content.decode()


def test_without_a_sender_the_page_says_so(browser, settings):
    settings.SMS_SENDER = ""

    assert "sends no text messages" in browser.get("/account/mobile/").content.decode()
    assert browser.post("/account/mobile/", {"number": "030 123456"}).status_code == 422
