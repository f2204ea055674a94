"""Signing in to an application, in a browser: every hop, and no redirect that Chromium stops."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from applications import grant_types, secrets
from applications.models import Application
from idp.models import AuthorizationCode, Consent
from tests.authorization.conftest import challenge
from tests.browser.conftest import PASSWORD
from tests.browser.pages import assert_good


class Callback(BaseHTTPRequestHandler):
    """The application: another origin, which says that somebody came back."""

    def do_GET(self) -> None:
        """Answer whoever is led back; sign-out, too."""
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<!doctype html><html lang=en><title>Shop</title><h1>Welcome back</h1>")

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""


@pytest.fixture
def shop() -> Iterator[str]:
    """Run the application; return the address to come back to."""
    server = HTTPServer(("127.0.0.1", 0), Callback)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/callback"
    server.shutdown()
    server.server_close()


@pytest.fixture
def address(shop, transactional_db, plain_http, settings) -> str:
    """Register the application, and somebody; return where it sends people."""
    settings.ALLOW_LOCAL_ISSUERS = True
    User.objects.create_user("ada", PASSWORD, email="ada@ours.example", email_verified=True)
    application = Application(
        name="Shop",
        client_id="shop",
        type="traditional-web",
        grant_types=frozenset({grant_types.AUTHORIZATION_CODE}),
        redirect_uris=frozenset({shop}),
        secret_digest=secrets.digest("a" * 40),
    )
    application.full_clean()
    application.save()
    query = {
        "response_type": "code",
        "client_id": "shop",
        "redirect_uri": shop,
        "scope": "openid email",
        "state": "s",
        "code_challenge": challenge(),
        "code_challenge_method": "S256",
    }
    return f"/oauth2/authorize?{urlencode(query)}"


def sign_in(page: Page) -> None:
    """Fill in the form of the sign-in page."""
    page.get_by_label("Username or e-mail address").fill("ada")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.locator("main").get_by_role("button", name="Sign in", exact=True).click()


def test_somebody_signs_in_agrees_and_is_back_at_the_application(page, address, shop):
    page.goto(address)
    sign_in(page)
    expect(page.get_by_role("heading", name="Shop")).to_be_visible()
    assert_good(page)

    page.get_by_role("button", name="Agree", exact=True).click()

    expect(page.get_by_role("heading", name="Welcome back")).to_be_visible()
    told = parse_qs(urlsplit(page.url).query)
    assert set(told) == {"code", "state", "iss"}
    assert AuthorizationCode.objects.count() == 1


def test_who_agreed_before_goes_straight_on_after_signing_in(page, address, shop):
    ada = User.objects.get(username="ada")
    application = Application.objects.get()
    Consent.objects.create(user=ada, application=application, scope="openid email")

    page.goto(address)
    sign_in(page)

    expect(page.get_by_role("heading", name="Welcome back")).to_be_visible()


def test_who_does_not_agree_is_back_without_a_code(page, address, shop):
    page.goto(address)
    sign_in(page)

    page.get_by_role("button", name="Do not agree").click()

    expect(page.get_by_role("heading", name="Welcome back")).to_be_visible()
    assert parse_qs(urlsplit(page.url).query)["error"] == ["access_denied"]


def test_a_mistake_of_the_application_is_a_page_of_ours(page, address, shop):
    page.goto(address.replace("client_id=shop", "client_id=other"))

    expect(page.get_by_role("heading", name="This cannot go on")).to_be_visible()
    assert_good(page)
