"""From a new application to its first exchange, its second secret, and two people at one form."""

import re

import pytest
from playwright.sync_api import Page, expect

from applications import grant_types
from applications.models import Application
from connections.models import Connection, KeySet
from idp.models import ExchangeRecord
from tests import keys
from tests.browser.conftest import sign_in
from tests.browser.pages import assert_good
from tests.fixtures import JWT, basic


def click(page: Page, name: str) -> None:
    """Click a button of the page itself."""
    page.locator("main").get_by_role("button", name=name, exact=True).click()


def create(page: Page, name: str = "Orders") -> str:
    """Create a web application by a double click, and return its secret."""
    page.goto("/console/applications/new/")
    page.get_by_role("radio", name=re.compile("Traditional web")).check()
    page.get_by_label("Name", exact=True).fill(name)
    page.locator("main").get_by_role("button", name="Create application").dblclick()
    expect(page.get_by_role("heading", name="Client secret")).to_be_visible()
    return page.locator(".ui-secret code").inner_text()


@pytest.fixture
def trusted(transactional_db: None, settings) -> Connection:
    """Return a connection whose keys are there."""
    connection = Connection.objects.create(
        name="Acme", issuer="https://login.acme.example", jwks_uri="https://login.acme.example/jwks"
    )
    now = connection.created_at
    KeySet.objects.create(
        owner=connection, jwks_uri=connection.jwks_uri, keys=keys.jwks("RS256")["keys"],
        fetched_at=now, attempted_at=now, finished_at=now,
    )  # fmt: skip
    return connection


def test_from_a_new_application_to_its_first_exchange(console, trusted, settings):
    secret = create(console)
    assert_good(console)
    console.get_by_role("link", name="I stored it").click()
    assert_good(console)
    application = Application.objects.get()
    console.goto(f"/console/applications/{application.pk}/exchange/")
    console.get_by_role("radio", name=re.compile("All connections")).check()
    click(console, "Update")
    expect(console.get_by_role("status").first).to_contain_text("Saved")

    answer = console.request.post(
        "/oauth2/token",
        form={
            "grant_type": grant_types.TOKEN_EXCHANGE,
            "subject_token": keys.sign(iss=trusted.issuer, aud=settings.ISSUER),
            "subject_token_type": JWT,
        },
        headers={"Authorization": basic(application.client_id, secret)},
    )

    record = ExchangeRecord.objects.get()
    console.goto("/console/exchanges/")
    console.get_by_role("link", name=re.compile("now|ago|UTC")).first.click()
    expect(console).to_have_url(re.compile(str(record.pk)))
    expect(console.get_by_role("heading", name="Token issued")).to_be_visible()
    assert answer.status == 200
    assert record.application == application


def test_a_secret_is_shown_once(console):
    secret = create(console)
    console.reload()

    expect(console.get_by_text("There is no secret to show")).to_be_visible()
    assert secret not in console.content()
    assert Application.objects.count() == 1


def test_a_second_secret_and_the_end_of_the_first(console):
    first = create(console)
    application = Application.objects.get()
    console.goto(f"/console/applications/{application.pk}/")
    click(console, "Add a second secret")
    expect(console.get_by_role("dialog")).to_be_visible()
    assert_good(console)
    console.get_by_role("dialog").get_by_role("button", name="Add secret").click()
    expect(console.get_by_role("heading", name="Client secret")).to_be_visible()
    assert console.locator(".ui-secret code").inner_text() != first
    console.get_by_role("link", name="I stored it").click()
    click(console, "Revoke")
    console.get_by_role("dialog").get_by_role("button", name="Revoke secret").click()
    expect(console.get_by_role("status").first).not_to_be_empty()

    application.refresh_from_db()
    assert application.former_secret_digest == ""


def test_two_people_at_one_form_overwrite_nothing(console, new_context, administrator, settings):
    create(console)
    application = Application.objects.get()
    other = new_context()
    sign_in(other, administrator, settings)
    colleague = other.new_page()
    for page in (console, colleague):
        page.goto(f"/console/applications/{application.pk}/")
    colleague.get_by_label("Description").fill("theirs")
    click(colleague, "Update")
    expect(colleague.get_by_role("status").first).to_contain_text("Saved")
    console.get_by_label("Description").fill("mine")
    click(console, "Update")

    expect(console.get_by_role("heading", name=re.compile("Somebody else"))).to_be_visible()
    expect(console.locator("main")).to_contain_text("theirs")
    expect(console.locator("main")).to_contain_text("mine")
    assert_good(console)
    application.refresh_from_db()
    assert application.description == "theirs"

    click(console, "Save mine instead")
    expect(console.get_by_role("status").first).to_contain_text("Saved")
    application.refresh_from_db()
    assert application.description == "mine"


def test_leaving_unsaved_changes_asks(console):
    create(console)
    console.goto(f"/console/applications/{Application.objects.get().pk}/")
    bar = console.get_by_role("button", name="Update")
    expect(bar).not_to_be_visible()
    console.get_by_label("Description").fill("something")
    expect(bar).to_be_visible()
    asked = []
    console.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    console.goto("/console/")

    assert asked == ["beforeunload"]


def test_discarding_brings_back_what_is_saved(console):
    create(console)
    console.goto(f"/console/applications/{Application.objects.get().pk}/")
    console.get_by_label("Description").fill("something")
    console.get_by_role("link", name="Discard").click()

    expect(console.get_by_label("Description")).to_have_value("")
    expect(console.get_by_role("button", name="Update")).not_to_be_visible()


def test_the_protocol_is_updated_by_its_button(console):
    create(console)
    application = Application.objects.get()
    console.goto(f"/console/applications/{application.pk}/protocol/")
    console.get_by_label(re.compile("Access token lifetime")).fill("0")
    click(console, "Update")
    expect(console.get_by_role("alert")).to_be_focused()
    assert_good(console)
    console.get_by_label(re.compile("Access token lifetime")).fill("300")
    click(console, "Update")
    expect(console.get_by_role("status").first).to_contain_text("Saved")

    application.refresh_from_db()
    assert application.access_token_lifetime == 300
