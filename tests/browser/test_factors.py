"""Second factors and passkeys, in a browser with an authenticator of its own."""

import re

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from tests.browser.conftest import PASSWORD
from tests.browser.pages import assert_good
from tests.signin.test_second_factor import code_of


@pytest.fixture
def holder(page: Page) -> Page:
    """Give the browser a passkey holder that always says yes (WebAuthn, by DevTools)."""
    tools = page.context.new_cdp_session(page)
    tools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    tools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return page


@pytest.fixture
def ada(transactional_db, plain_http, settings, live_server) -> User:
    """Return somebody, on a server that is reached by a name."""
    settings.ISSUER = live_server.url
    settings.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
    return User.objects.create_user("ada", PASSWORD)


def sign_in(page: Page) -> None:
    """Sign in by the password."""
    page.goto("/sign-in/?next=/account/security/")
    page.get_by_label("Username or e-mail address").fill("ada")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.locator("main").get_by_role("button", name="Sign in", exact=True).click()


def sign_out(page: Page) -> None:
    """Leave."""
    page.get_by_role("button", name="Sign out", exact=True).click()


def test_an_app_is_added_asked_for_and_replaced_by_a_recovery_code(page, ada):
    sign_in(page)
    page.get_by_role("article").filter(has_text="Authenticator app").get_by_role("link").click()
    secret = page.locator(".ui-copyline code").inner_text()
    page.get_by_label("Code of your authenticator app").fill("000000")
    page.get_by_role("button", name="Add the app").click()
    expect(page.get_by_role("alert")).to_contain_text("Incorrect code")
    secret = page.locator(".ui-copyline code").inner_text()
    page.get_by_label("Code of your authenticator app").fill(code_of(secret))
    page.get_by_role("button", name="Add the app").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    first = re.findall(r"[0-9a-z]{8}", page.locator("pre").inner_text())[0]
    page.get_by_role("link", name="Done").click()
    expect(page.get_by_text("On", exact=True)).to_be_visible()
    sign_out(page)

    sign_in(page)
    expect(page.get_by_role("heading", name="Second factor")).to_be_visible()
    assert_good(page)
    page.get_by_label("Code of your authenticator app").fill(first)
    page.get_by_role("button", name="Sign in", exact=True).click()

    expect(page.get_by_role("heading", name="Security")).to_be_visible()
    expect(page.get_by_text("9 left")).to_be_visible()


def test_a_passkey_is_added_and_signs_in_alone(holder, ada):
    sign_in(holder)
    holder.get_by_role("article").filter(has_text="Passkeys").get_by_role("link").click()
    holder.get_by_label("Name").fill("My laptop")
    holder.get_by_role("button", name="Add a passkey").click()
    expect(holder.get_by_role("heading", name="Recovery codes")).to_be_visible()
    holder.goto("/account/security/")
    expect(holder.get_by_text("My laptop").first).to_be_visible()
    sign_out(holder)

    holder.goto("/sign-in/?next=/account/sessions/")
    holder.get_by_role("button", name="Sign in with a passkey").click()

    expect(holder.get_by_role("heading", name="Sessions")).to_be_visible()


def test_without_a_passkey_the_page_says_so_and_the_password_still_works(page, ada):
    tools = page.context.new_cdp_session(page)
    tools.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True}
    tools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    page.goto("/sign-in/")

    page.get_by_role("button", name="Sign in with a passkey").click()

    expect(page.get_by_text("Your browser gave no passkey")).to_be_visible()
    sign_in(page)
    expect(page.get_by_role("heading", name="Security")).to_be_visible()
