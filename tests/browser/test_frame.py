"""The frame of the console in a browser: palette, theme, phone, keyboard, and no JavaScript."""

import re

import pytest
from playwright.sync_api import expect

from accounts.models import User
from tests.browser.conftest import PASSWORD, sign_in
from tests.browser.pages import assert_good, show


@pytest.fixture
def ann(administrator):
    return User.objects.create_user("ann")


@pytest.mark.parametrize("key", ["Control+k", "Meta+k", "/"])
def test_a_key_opens_the_palette_and_escape_closes_it(console, key):
    console.goto("/console/")
    console.keyboard.press(key)

    expect(console.get_by_role("dialog")).to_be_visible()
    expect(console.get_by_role("textbox", name="Search for")).to_be_focused()
    console.keyboard.type("x")
    console.keyboard.press("Escape")
    expect(console.get_by_role("dialog")).not_to_be_visible()


def test_the_palette_leads_by_arrows_and_enter(console):
    console.goto("/console/search/?q=nothing")
    console.keyboard.press("Control+k")
    hits = console.locator("#hits a")
    expect(hits.first).to_be_visible()
    console.keyboard.press("ArrowDown")

    console.keyboard.press("Enter")

    expect(console).to_have_url(re.compile("/console/$"))


def test_the_palette_finds_people(console, ann):
    console.goto("/console/")
    console.get_by_role("button", name="Search or jump to").click()
    console.keyboard.type("ann")

    expect(console.locator("#hits").get_by_text("ann")).to_be_visible()
    assert_good(console)


def test_a_slash_that_is_typed_stays_a_slash(console):
    console.goto("/console/search/")
    field = console.locator("main").get_by_label("Search for")
    field.click()
    console.keyboard.type("a/b")

    expect(field).to_have_value("a/b")
    expect(console.get_by_role("dialog")).not_to_be_visible()


def test_a_theme_is_chosen_by_a_click_and_comes_back_without_a_flash(console):
    console.goto("/console/search/?q=x")
    console.get_by_role("button", name="Dark").click()

    expect(console).to_have_url(re.compile(r"/console/search/\?q=x$"))
    expect(console.locator("html")).to_have_attribute("data-bs-theme", "dark")
    background = "getComputedStyle(document.body).backgroundColor"
    assert console.evaluate(background) == "rgb(15, 18, 25)"


def test_a_phone_opens_the_menu(console):
    console.goto("/console/")
    show(console, "phone")
    expect(console.get_by_role("link", name="Overview")).not_to_be_visible()

    console.get_by_role("button", name="Menu").click()

    expect(console.get_by_role("link", name="Overview")).to_be_visible()


def test_the_first_key_skips_to_the_content(console):
    console.goto("/console/")
    console.keyboard.press("Tab")
    expect(console.get_by_role("link", name="Skip to the content")).to_be_focused()
    console.keyboard.press("Enter")

    expect(console.locator("main")).to_be_focused()


def test_search_and_theme_work_without_javascript(new_context, administrator, settings):
    context = new_context(java_script_enabled=False)
    sign_in(context, administrator, settings)
    page = context.new_page()
    page.goto("/console/search/")
    page.locator("main").get_by_label("Search for").fill("over")
    page.locator("main").get_by_role("button", name="Search").click()
    expect(page.locator(".ui-hits").get_by_text("Overview")).to_be_visible()

    page.get_by_role("button", name="Dark").click()

    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")


def test_a_person_who_is_no_administrator_is_told_so(page, ann, settings):
    sign_in(page.context, ann, settings)
    page.goto("/console/")

    expect(page.get_by_role("heading", name="This page is for administrators")).to_be_visible()
    assert_good(page)


def test_signing_in_leads_back_to_the_page_that_was_asked_for(page, administrator):
    page.goto("/console/search/?q=x")
    page.get_by_label("Username").fill(administrator.username)
    page.get_by_label("Password").fill(PASSWORD)
    page.locator("main").get_by_role("button", name="Sign in", exact=True).click()

    expect(page).to_have_url(re.compile(r"/console/search/\?q=x$"))
