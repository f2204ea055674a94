"""What a phone shows differently: filters behind a button, a bar that covers nothing."""

import pytest
from playwright.sync_api import Page, expect

from applications.models import Application
from tests.browser.conftest import sign_in
from tests.browser.pages import assert_good, show

COVERED = """
field => {
  const [top, bottom] = [field.getBoundingClientRect().top, field.getBoundingClientRect().bottom];
  return [...document.querySelectorAll(".ui-bar, .ui-savebar")].filter(bar => {
    const box = bar.getBoundingClientRect();
    return box.top < bottom && top < box.bottom;
  }).map(bar => bar.className);
}
"""


@pytest.fixture
def phone(console: Page) -> Page:
    """Return the administrator's phone."""
    show(console, "phone")
    return console


@pytest.mark.parametrize(
    ("path", "name"), [("exchanges/?result=refused", "Reason"), ("audit/?kind=user", "Kind")]
)
def test_filters_are_behind_a_button_that_counts_them(phone, path, name):
    phone.goto(f"/console/{path}")
    field = phone.get_by_label(name, exact=True)
    button = phone.locator("summary").filter(has_text="Filters")
    expect(button).to_contain_text("1 active")
    expect(field).not_to_be_visible()
    button.click()
    expect(field).to_be_visible()
    assert_good(phone)


def test_filters_are_open_where_there_is_room(console):
    console.goto("/console/exchanges/")

    expect(console.get_by_label("Reason", exact=True)).to_be_visible()
    expect(console.locator("summary").filter(has_text="Filters")).not_to_be_visible()
    console.get_by_label("Result", exact=True).select_option("refused")
    expect(console).to_have_url("/console/exchanges/?result=refused&reason=&application="
                                "&connection=&period=&user=&since=&until=")  # fmt: skip


def test_filters_with_a_mistake_are_open(phone):
    phone.goto("/console/exchanges/?result=nonsense")

    expect(phone.get_by_label("Result", exact=True)).to_be_visible()


@pytest.mark.parametrize("block", ["start", "end"])
def test_no_bar_covers_a_field_that_is_scrolled_to(phone, application, block):
    phone.goto(f"/console/applications/{application.pk}/exchange/")
    phone.get_by_label("Allowed scopes").fill("orders.read")
    expect(phone.get_by_text("You have changes that are not saved.")).to_be_visible()
    field = phone.get_by_label("Default audience")

    field.evaluate("(field, block) => field.scrollIntoView({block})", block)

    assert field.evaluate(COVERED) == []


def test_without_javascript_the_bar_stands_at_the_end(
    new_context, administrator, settings, application
):
    context = new_context(java_script_enabled=False)
    sign_in(context, administrator, settings)
    page = context.new_page()
    page.goto(f"/console/applications/{application.pk}/")

    expect(page.locator(".ui-savebar")).to_have_css("position", "static")
    expect(page.get_by_text("Changes take effect when you save them.")).to_be_visible()
    expect(page.get_by_text("You have changes that are not saved.")).not_to_be_visible()


def test_a_switch_that_needs_another_one_is_pale_until_that_is_on(console, application):
    Application.objects.update(prioritize_local=False)
    console.goto(f"/console/applications/{application.pk}/attributes/")
    mandate = console.get_by_role("switch", name="Mandate linked local account")
    expect(mandate).to_have_css("opacity", "0.4")
    console.get_by_role("switch", name="Prioritize local account attributes").check()

    expect(mandate).to_have_css("opacity", "1")
