"""Account linking in a browser: who would match, the token preview, and the danger zones."""

import re

import pytest
from playwright.sync_api import expect

from accounts.models import User
from applications.models import Application
from connections.models import Connection
from tests import keys
from tests.browser.conftest import sign_in
from tests.browser.pages import assert_good, assert_no_sideways_scroll, show


@pytest.fixture
def acme(console, connection):
    return f"/console/connections/{connection.pk}/advanced/"


@pytest.fixture
def orders(console, application, alice):
    return f"/console/applications/{application.pk}/attributes/"


@pytest.fixture
def token(settings, bob):
    """Return a token with the verified address of bob."""
    return keys.sign(aud=settings.ISSUER, email="bob@ours.example", email_verified=True)


def switch(page, name):
    return page.get_by_role("switch", name=name)


def test_a_pasted_token_shows_who_would_match_before_anything_is_saved(console, acme, token):
    console.goto(acme)
    switch(console, "Implicit account linking").check()
    console.get_by_label("Primary lookup attribute").select_option("email")
    console.get_by_label("Token of this issuer").fill(token)
    console.get_by_role("button", name="See who matches").click()

    expect(console.get_by_text("One account matches, by Email")).to_be_visible()
    assert_good(console)
    assert not Connection.objects.get().implicit_linking


def test_a_refused_token_says_why(console, acme, settings):
    console.goto(acme)
    console.get_by_label("Token of this issuer").fill(keys.sign(aud="https://else.example"))
    console.get_by_role("button", name="See who matches").click()

    expect(console.get_by_text("Not verified: an exchange would refuse it")).to_be_visible()
    assert_good(console)


def test_a_pasted_token_is_no_unsaved_change(console, acme, token):
    console.goto(acme)
    console.get_by_label("Token of this issuer").fill(token)
    expect(console.get_by_role("button", name="Save changes")).not_to_be_visible()

    console.get_by_label("Clock skew").fill("60")

    expect(console.get_by_role("button", name="Save changes")).to_be_visible()


def test_linking_is_saved_and_what_is_wrong_is_said(console, acme):
    console.goto(acme)
    switch(console, "Implicit account linking").check()
    console.get_by_role("button", name="Save changes").click()
    expect(console.get_by_role("alert").first).to_be_focused()
    assert_good(console)

    console.get_by_label("Primary lookup attribute").select_option("email")
    switch(console, "Email: this issuer verifies it").check()
    console.get_by_role("button", name="Save changes").click()

    expect(console.get_by_text("Saved.", exact=True)).to_be_visible()
    assert Connection.objects.get().issuer_verifies == {"email"}


def test_matching_works_without_javascript(new_context, administrator, settings, connection, token):
    context = new_context(java_script_enabled=False)
    sign_in(context, administrator, settings)
    page = context.new_page()
    page.goto(f"/console/connections/{connection.pk}/advanced/")
    switch(page, "Implicit account linking").check()
    page.get_by_label("Primary lookup attribute").select_option("email")
    page.get_by_label("Token of this issuer").fill(token)

    page.get_by_role("button", name="See who matches").click()

    expect(page.get_by_text("One account matches, by Email")).to_be_visible()
    expect(switch(page, "Implicit account linking")).to_be_checked()
    page.get_by_role("button", name="Save changes").click()
    expect(page.get_by_text("Saved.", exact=True)).to_be_visible()
    assert Connection.objects.get().implicit_linking


def test_the_preview_follows_the_switches(console, orders, alice, bob):
    console.goto(orders)
    preview = console.locator("#preview")
    switch(console, "Prioritize local account attributes").check()
    expect(preview).to_contain_text(str(alice.public_id))

    switch(console, "Given name").check()
    expect(preview).to_contain_text('"given_name": "Alice"')

    console.get_by_label("begins with").press_sequentially("bo")
    expect(preview).to_contain_text(str(bob.public_id))
    switch(console, "Mandate linked local account").check()
    expect(preview).to_contain_text("The exchange is refused with invalid_request")
    assert_good(console)
    assert not Application.objects.get().prioritize_local


def test_somebody_is_picked_from_the_list_by_keyboard(console, orders, alice, bob):
    console.goto(orders)
    switch(console, "Prioritize local account attributes").check()
    preview = console.locator("#preview")
    expect(preview).to_contain_text(str(alice.public_id))
    console.get_by_role("radio", name="alice").focus()
    console.keyboard.press("ArrowDown")

    expect(preview).to_contain_text(str(bob.public_id))
    expect(console.get_by_role("radio", name="bob")).to_be_focused()


def test_enter_in_the_search_previews_and_saves_nothing(console, orders, alice):
    console.goto(orders)
    switch(console, "Prioritize local account attributes").check()
    console.get_by_label("begins with").fill("alice")
    console.get_by_label("begins with").press("Enter")

    expect(console).to_have_url(re.compile("/console/tools/preview/"))
    expect(console.locator("#preview")).to_contain_text(str(alice.public_id))
    assert not Application.objects.get().prioritize_local


def test_attributes_and_switches_are_saved(console, orders):
    console.goto(orders)
    switch(console, "E-mail address").first.check()
    switch(console, "Prioritize local account attributes").check()
    console.get_by_role("button", name="Update").click()

    expect(console.get_by_text("Saved.", exact=True)).to_be_visible()
    application = Application.objects.get()
    assert (application.attributes, application.prioritize_local) == ({"email"}, True)


def test_the_preview_works_without_javascript(
    new_context, administrator, settings, application, alice
):
    context = new_context(java_script_enabled=False)
    sign_in(context, administrator, settings)
    page = context.new_page()
    page.goto(f"/console/applications/{application.pk}/attributes/")
    switch(page, "Prioritize local account attributes").check()
    page.get_by_label("begins with").fill("alice")
    page.get_by_role("button", name="Preview").click()

    expect(page.locator("#preview")).to_contain_text(str(alice.public_id))
    page.get_by_role("button", name="Update").click()
    expect(page.get_by_text("Saved.", exact=True)).to_be_visible()


def test_a_connection_is_disabled_enabled_and_deleted(console, connection):
    console.goto(f"/console/connections/{connection.pk}/danger/")
    assert_good(console)
    console.get_by_role("button", name="Disable connection").click()
    expect(console.get_by_text("Acme Workforce is disabled.")).to_be_visible()
    console.get_by_role("button", name="Enable connection").click()
    expect(console.get_by_text("Acme Workforce is enabled.")).to_be_visible()

    console.get_by_label("to confirm").fill("acme")
    console.get_by_role("button", name="Delete connection").click()
    expect(console.get_by_role("alert").first).to_be_focused()
    assert_good(console)
    console.get_by_label("to confirm").fill("Acme Workforce")
    console.get_by_role("button", name="Delete connection").click()

    expect(console).to_have_url(re.compile("/console/connections/$"))
    assert not Connection.objects.exists()


def test_a_connection_with_links_says_why_it_stays(console, connection, alice):
    console.goto(f"/console/connections/{connection.pk}/danger/")

    expect(console.get_by_text("This connection cannot be deleted")).to_be_visible()
    assert_good(console)


def test_long_names_fit_a_phone(console, connection, application):
    User.objects.create_user("x" * 150, email=f"{'y' * 60}@{'z' * 60}.example")
    name = "W" * 80
    Connection.objects.update(name=name)
    Application.objects.update(name=name, prioritize_local=True)
    show(console, "phone")
    for path in (
        f"/console/connections/{connection.pk}/danger/",
        f"/console/connections/{connection.pk}/advanced/",
        f"/console/applications/{application.pk}/attributes/",
        f"/console/applications/{application.pk}/danger/",
    ):
        console.goto(path)
        assert_no_sideways_scroll(console)
