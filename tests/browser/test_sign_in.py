"""Signing in, in a browser; and that these tests notice what they should."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PASSWORD
from tests.browser.pages import LOOKS, assert_accessible, assert_no_sideways_scroll, show


@pytest.mark.parametrize("look", LOOKS)
def test_an_administrator_signs_in(page, administrator, look):
    show(page, look)
    page.goto("/sign-in/")
    assert_accessible(page)
    assert_no_sideways_scroll(page)

    page.get_by_label("Username").fill(administrator.username)
    page.get_by_label("Password").fill(PASSWORD)
    page.locator("main").get_by_role("button", name="Sign in", exact=True).click()

    expect(page).to_have_url("/")
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()


def test_the_console_is_signed_in(console):
    console.goto("/")

    expect(console.get_by_text("root")).to_be_visible()


def test_what_the_policy_refuses_is_a_fault(page, faults):
    page.goto("/sign-in/")

    page.evaluate("document.body.setAttribute('style', 'color: red')")
    page.evaluate("document.body.append(new Image())")
    page.evaluate("document.body.lastChild.src = 'http://elsewhere.example/x.png'")
    page.evaluate("null")

    assert any("style-src" in fault for fault in faults)
    assert any("img-src" in fault for fault in faults)
    faults.clear()


def test_a_part_that_is_missing_is_a_fault(page, faults):
    page.goto("/sign-in/")

    with page.expect_response("**/missing.svg"):
        page.evaluate("document.querySelector('link[rel=stylesheet]').href = '/static/missing.svg'")

    assert any("404" in fault for fault in faults)
    faults.clear()


def test_axe_notices_what_is_wrong(page):
    page.goto("/sign-in/")

    page.evaluate("document.querySelector('label').remove()")

    with pytest.raises(AssertionError, match="label"):
        assert_accessible(page)
