"""Prove an identity by a fresh token: what an exchange asks, and more."""

import time

import pytest

from accounts.models import FederatedLink
from connections.models import SpentToken
from tests import keys
from tests.fixtures import change


def confirm(browser, response):
    """Confirm what a good answer leads to."""
    return browser.post(response.headers["Location"])


def refused(response, words: str, status: int = 422) -> None:
    """Assert a clear page, and that nothing was written."""
    assert response.status_code == status
    assert words in response.content.decode()
    assert not FederatedLink.objects.filter(origin="owner").exists()
    assert not SpentToken.objects.exists()


def test_the_identity_is_linked_when_it_is_confirmed(paste, browser, owner):
    confirm(browser, paste())

    link = FederatedLink.objects.get()
    assert (link.user, link.subject, link.origin) == (owner, keys.SUBJECT, "owner")


def test_what_the_token_calls_somebody_is_shown_as_text(paste, browser):  # AL-11, AT-129
    page = browser.get(paste(name="<img src=x onerror=1>").headers["Location"])

    assert b"<img" not in page.content
    assert b"&lt;img src=x" in page.content


@pytest.mark.parametrize(
    ("claims", "words"),
    [
        pytest.param({"exp": 1}, "has expired", id="expired"),
        pytest.param({"iat": None}, "does not say when", id="no-iat"),
        pytest.param({"iat": int(time.time()) - 310}, "more than five minutes", id="old"),
        pytest.param({"aud": "https://x.example"}, "not intended for this server", id="audience"),
        pytest.param({"iss": "https://x.example"}, "not trusted here", id="issuer"),
        pytest.param({"signed_by": "mallory"}, "signature", id="signature"),
        pytest.param({"cnf": {"jkt": "x"}}, "bound to a key", id="bound"),
    ],
)
def test_refuses_a_token_with_the_wrong(paste, claims, words):
    refused(paste(**claims), words)


def test_refuses_what_is_no_token(paste):
    refused(paste("no token"), "not a JWT")


def test_nothing_of_the_token_is_shown_or_kept(paste, browser, watch):
    token = keys.sign(jti=keys.unique())
    watch.note("subject_token", token)

    response = paste(token)

    assert token not in browser.get(response.headers["Location"]).content.decode()
    assert token not in str(dict(browser.session))


def test_a_token_proves_an_identity_once(paste, browser):
    token = keys.sign(jti="one")
    confirm(browser, paste(token))
    FederatedLink.objects.all().delete()

    response = paste(token)

    assert response.status_code == 422
    assert b"was used before" in response.content


def test_a_token_that_is_spent_before_the_click_links_nothing(paste, browser, offering, owner):
    first, second = paste(keys.sign(jti="one")), paste(keys.sign(jti="one", email="x@x.example"))
    confirm(browser, first)
    FederatedLink.objects.all().delete()

    assert confirm(browser, second).status_code == 422
    assert not FederatedLink.objects.exists()


def test_a_token_that_linked_is_not_exchanged_where_tokens_are_for_one_use(
    paste, browser, exchange, offering
):
    change(offering, one_time_tokens=True)
    token = keys.sign(jti="one")
    confirm(browser, paste(token))

    response = exchange(subject_token=token)

    assert response.status_code == 400
    assert "used before" in response.json()["error_description"]
