"""Users, their passwords, and the keys of this server, in a browser."""

import re

import pytest
from django.core import mail
from playwright.sync_api import Page, expect

from accounts.models import User
from idp.models import SigningKey
from idp.tokens import signing
from tests.browser.pages import assert_good


def click(page: Page, name: str) -> None:
    """Click a button of the page itself."""
    page.locator("main").get_by_role("button", name=name, exact=True).click()


@pytest.fixture
def ada(transactional_db: None) -> User:
    return User.objects.create_user("ada", email="ada@ours.example", email_verified=True)


def test_a_person_is_created_and_a_taken_name_is_said_at_its_field(console, ada):
    console.goto("/console/users/new/")
    console.get_by_label("Username", exact=True).fill("ADA")
    click(console, "Create user")
    expect(console.get_by_role("alert")).to_be_focused()
    expect(console.get_by_label("Username", exact=True)).to_have_attribute("aria-invalid", "true")
    assert_good(console)
    console.get_by_label("Username", exact=True).fill("grace")
    click(console, "Create user")
    expect(console.get_by_role("heading", level=1)).to_contain_text("grace")

    assert User.objects.filter(username="grace").exists()


def test_disabling_somebody_is_confirmed_and_can_be_undone(console, ada):
    console.goto(f"/console/users/{ada.public_id}/")
    click(console, "Disable account")
    dialog = console.get_by_role("dialog")
    expect(dialog).to_be_visible()
    expect(dialog.get_by_role("button", name="Cancel")).to_be_focused()
    assert_good(console)
    dialog.get_by_role("button", name=re.compile("Disable")).click()
    expect(console.get_by_text("Disabled").first).to_be_visible()
    ada.refresh_from_db()
    assert not ada.is_active

    click(console, "Enable account")
    expect(console.get_by_text("Active").first).to_be_visible()


def test_a_password_reset_leads_to_signing_in(console, new_context, ada, settings):
    settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}
    console.goto(f"/console/users/{ada.public_id}/")
    click(console, "Send a password reset")
    expect(console.get_by_role("status").first).not_to_be_empty()
    (link,) = re.findall(r"http\S+/reset/\S+", mail.outbox[0].body)

    page = new_context().new_page()
    page.goto(link)
    assert_good(page)
    for field in page.locator("input[type=password]").all():
        field.fill("a password that nobody guesses")
    page.locator("main").get_by_role("button").click()
    expect(page).to_have_url(re.compile("/reset/done/"))
    assert_good(page)
    page.goto(link)
    assert_good(page)
    expect(page.locator("input[type=password]")).to_have_count(0)

    ada.refresh_from_db()
    assert ada.check_password("a password that nobody guesses")


def test_a_key_is_withdrawn_only_by_its_name(console):
    kid = signing.current_key("ES256").kid
    console.goto(f"/console/keys/{kid}/withdraw/")
    console.get_by_role("textbox", name="Key ID").fill("another")
    click(console, "Withdraw this key")
    expect(console.get_by_role("textbox", name="Key ID")).to_have_value("another")
    assert_good(console)
    assert SigningKey.objects.get(kid=kid).state == "current"
    console.get_by_role("textbox", name="Key ID").fill(kid)
    click(console, "Withdraw this key")
    expect(console).to_have_url(re.compile("/console/keys/$"))

    assert SigningKey.objects.get(kid=kid).state != "current"


def test_filters_stand_in_the_address_and_are_cleared_by_a_click(console, ada):
    console.goto("/console/users/")
    console.get_by_text("Disabled", exact=True).first.click()
    expect(console).to_have_url(re.compile("status=disabled"))
    assert_good(console)
    console.get_by_role("link", name="Clear filters").first.click()

    expect(console).to_have_url(re.compile(r"/console/users/(\?)?$"))
    expect(console.locator("main")).to_contain_text("ada@ours.example")
