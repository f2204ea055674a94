"""Signing out by an application: asked first, and back only to where it is registered."""

from urllib.parse import urlencode

import pytest

from tests.signin.conftest import is_signed_in

BYE = "https://app.ours.example/bye"


@pytest.fixture
def tokens(code, redeem):
    """Return the tokens of a sign-in."""
    return redeem(code()).json()


def ask(browser, **parameters):
    """Follow the application's link."""
    return browser.get(f"/oauth2/logout?{urlencode(parameters)}")


def test_with_an_id_token_of_this_person_it_is_done_at_once(browser, tokens):
    hint = tokens["id_token"]

    response = ask(browser, id_token_hint=hint, post_logout_redirect_uri=BYE, state="s")

    assert response.headers["Location"] == f"{BYE}?state=s"
    assert not is_signed_in(browser)


@pytest.mark.parametrize("kind", ["access_token", "none", "broken", "unsigned"])
def test_otherwise_the_person_is_asked_and_nobody_is_led_away(browser, tokens, kind):
    head, body, _signature = tokens["id_token"].split(".")
    hints = tokens | {"none": "", "broken": tokens["id_token"][:-4], "unsigned": f"{head}.{body}."}

    response = ask(browser, id_token_hint=hints[kind], post_logout_redirect_uri=BYE)

    assert response.status_code == 200
    assert "asks to sign you out" in response.content.decode()
    assert is_signed_in(browser)


def test_who_says_yes_is_signed_out(browser, tokens):
    response = browser.post("/oauth2/logout", {"decision": "sign-out"})

    assert response.headers["Location"] == "/"
    assert not is_signed_in(browser)


def test_a_forged_yes_is_none(browser, tokens):
    from django.test import Client

    forger = Client(enforce_csrf_checks=True)
    forger.cookies = browser.cookies

    assert forger.post("/oauth2/logout", {"decision": "sign-out"}).status_code == 403
    assert is_signed_in(browser)


@pytest.mark.parametrize(
    "address",
    ["https://evil.example/", BYE + "/", "//evil.example", "https://app.ours.example/callback"],
)
def test_the_way_back_is_registered_to_the_last_character(browser, tokens, address):
    response = ask(browser, id_token_hint=tokens["id_token"], post_logout_redirect_uri=address)

    assert response.headers["Location"] == "/"


def test_another_client_id_than_the_tokens_leads_nowhere(browser, tokens):
    response = ask(
        browser,
        id_token_hint=tokens["id_token"],
        client_id="other",
        post_logout_redirect_uri=BYE,
    )

    assert response.headers["Location"] == "/"


def test_an_application_may_post_as_well(browser, tokens):
    response = browser.post(
        "/oauth2/logout",
        {"id_token_hint": tokens["id_token"], "post_logout_redirect_uri": BYE},
    )

    assert response.headers["Location"] == BYE
    assert not is_signed_in(browser)
