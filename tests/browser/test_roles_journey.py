"""A scope is kept for a role: set up in a browser, with mistakes; the token endpoint follows."""

import re

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from applications.models import Application
from tests import keys
from tests.browser.pages import assert_good
from tests.fixtures import change


def click(page: Page, name: str) -> None:
    """Click a button of the page itself."""
    page.locator("main").get_by_role("button", name=name, exact=True).click()


@pytest.fixture
def local(transactional_db: None, application: Application, alice: User) -> Application:
    """Let tokens be for the linked account of alice."""
    change(application, prioritize_local=True)
    return application


def asked(exchange, live_server) -> dict[str, object]:
    """Return the answer to an exchange for the scope; the server that listens is the audience."""
    token = keys.sign(aud=live_server.url)
    return exchange(subject_token=token, scope="orders.write").json()


def test_a_scope_is_kept_for_a_role_and_the_role_given(console, exchange, local, live_server):
    assert asked(exchange, live_server)["scope"] == "orders.write"

    console.goto("/console/scopes/")
    console.get_by_role("link", name="New scope").first.click()
    console.get_by_label("Scope", exact=True).fill("orders write")
    console.get_by_label("Description").fill("Change orders.")
    console.get_by_role("switch", name="Needs a role").check()
    click(console, "Register scope")
    expect(console.get_by_role("alert")).to_be_focused()
    expect(console.get_by_label("Description")).to_have_value("Change orders.")
    assert_good(console)
    console.get_by_label("Scope", exact=True).fill("orders.write")
    click(console, "Register scope")
    expect(console.get_by_text("None yet: nobody gets it.")).to_be_visible()

    refusal = asked(exchange, live_server)
    assert refusal["error"] == "invalid_scope"
    console.goto(refusal["error_uri"])
    expect(console.get_by_role("heading", level=1)).to_have_text("Scope needs a role")
    console.get_by_role("link", name="Open the settings for it").click()
    console.get_by_role("link", name="New role").click()

    console.get_by_label("Name").fill("Order clerks")
    console.get_by_label("Scopes").fill("orders.write")
    click(console, "Create role")
    expect(console).to_have_url(re.compile(r"/console/roles/\d+/members/$"))
    console.get_by_label("Give it to").fill("alicia")
    click(console, "Add member")
    expect(console.get_by_text("Nobody has this username.")).to_be_visible()
    expect(console.get_by_label("Give it to")).to_have_value("alicia")
    assert_good(console)
    console.get_by_label("Give it to").fill("alice")
    click(console, "Add member")
    expect(console.get_by_role("button", name="Remove alice")).to_be_visible()

    assert asked(exchange, live_server)["scope"] == "orders.write"
    console.get_by_role("button", name="Remove alice").click()
    expect(console.get_by_text("Nobody has this role")).to_be_visible()
    assert asked(exchange, live_server)["error"] == "invalid_scope"
