"""Signing in at an issuer that says no, is down, or was switched off meanwhile."""

import pytest
from django.test import Client

from accounts.models import FederatedLink, User
from tests.account.linking.conftest import BEGIN
from tests.fixtures import change
from tests.hostile_server import answer


def refused(response, words: str, status: int = 400) -> None:
    """Assert a clear page, and that nothing was written."""
    assert response.status_code == status
    page = response.content.decode()
    assert "Nothing was linked" in page
    assert words in page
    assert not FederatedLink.objects.exists()


@pytest.mark.parametrize(
    ("error", "words"),
    [("access_denied", "did not sign in"), ("<img src=x onerror=1>", "did not let you")],
)
def test_an_error_of_the_issuer_is_told_in_words_of_ours(journey, error, words):
    journey.begin()

    response = journey.back(code=None, error=error, error_description="<b>secret</b>")

    refused(response, words)
    assert b"<b>secret" not in response.content
    assert b"<img" not in response.content


def test_a_wrong_secret_is_a_clear_page(journey):
    journey.begin()
    journey.says({"error": "invalid_client"}, "401 Unauthorized")

    refused(journey.back(), "did not confirm")


def test_an_issuer_that_is_down_is_a_clear_page(journey):
    journey.begin()
    journey.server.behaviour = answer(b"no", "text/html", "503 No")

    refused(journey.back(), "cannot be asked", 424)


@pytest.mark.parametrize("switch", ["enabled", "link_by_sign_in"])
def test_switched_off_between_start_and_answer(journey, switch):
    journey.begin()
    journey.answers()
    change(journey.connection, **{switch: False})

    refused(journey.back(), "cannot be linked in this way", 404)
    assert journey.server.requests == []


def test_who_is_disabled_meanwhile_is_signed_out(journey, owner):
    journey.begin()
    journey.answers()
    User.objects.filter(pk=owner.pk).update(is_active=False)

    assert journey.back().headers["Location"].startswith("/sign-in/")
    assert journey.server.requests == []


def test_a_forged_form_begins_nothing(owner, offering):  # AT-122
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(owner)

    assert browser.post(f"{BEGIN}{offering.pk}/sign-in/").status_code == 403
    assert browser.get(f"{BEGIN}{offering.pk}/sign-in/").status_code == 405


def test_no_page_can_be_framed(journey):  # AL-09, AT-135
    response = journey.browser.get(BEGIN)

    assert response.headers["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in response.headers["Content-Security-Policy"]
