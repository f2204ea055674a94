"""The owner's last word, in a browser, and what exchanges make of it."""

import re

import pytest
from playwright.sync_api import Page, expect

from accounts.models import FederatedLink
from tests import keys
from tests.browser.conftest import PASSWORD
from tests.browser.pages import assert_good
from tests.fixtures import change


@pytest.fixture
def owner(page: Page, transactional_db, plain_http, application, connection, alice) -> Page:
    """Return alice's browser on her page, with a link and an application that may use it."""
    change(connection, alias=keys.AUDIENCE)  # the server has an address of its own here
    change(application, prioritize_local=True, mandate_local=True)
    alice.set_password(PASSWORD)
    alice.save()
    page.goto("/sign-in/?next=/account/linked-accounts/")
    page.get_by_label("Username or e-mail address").fill("alice")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.locator("main").get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", name="Linked accounts", exact=True)).to_be_visible()
    return page


def test_a_link_is_paused_and_resumed(owner, exchange):
    assert exchange().status_code == 200
    owner.reload()
    expect(owner.get_by_role("listitem").filter(has_text="Orders")).to_be_visible()

    owner.get_by_role("button", name="Pause").click()
    expect(owner.get_by_text("Paused", exact=True)).to_be_visible()
    assert exchange().status_code == 400

    owner.get_by_role("button", name="Resume").click()
    expect(owner.get_by_role("button", name="Pause")).to_be_visible()
    assert exchange().status_code == 200


def test_a_link_is_limited_with_a_mistake_on_the_way(owner, exchange):
    owner.get_by_role("link", name="Limit").click()
    assert_good(owner)
    owner.get_by_role("switch", name="Only for chosen applications").check()
    owner.get_by_label("Until").fill("2020-01-01")
    owner.get_by_role("button", name="Save limits").click()
    expect(owner.get_by_text("This day is over.").first).to_be_visible()
    expect(owner.get_by_role("switch", name="Only for chosen applications")).to_be_checked()

    owner.get_by_label("Until").fill("")
    owner.get_by_role("button", name="Save limits").click()

    expect(owner.get_by_text("Limited", exact=True)).to_be_visible()
    assert exchange().status_code == 400  # nobody was chosen


def test_what_is_unlinked_is_refused_and_stays_so(owner, exchange, connection, alice):
    change(connection, implicit_linking=True, primary_lookup="email")
    token = keys.sign(email="alice@ours.example", email_verified=True)
    assert exchange(subject_token=token).status_code == 200
    owner.get_by_role("link", name="Unlink").click()
    expect(owner.get_by_text("It is not linked again automatically.")).to_be_visible()
    assert_good(owner)

    owner.get_by_role("button", name="Unlink").click()

    expect(owner.get_by_role("heading", name="Unlinked by you")).to_be_visible()
    assert exchange(subject_token=token).status_code == 400
    assert not FederatedLink.objects.exists()
    owner.get_by_role("button", name="Allow again").click()
    expect(owner.get_by_role("heading", name=re.compile("Nothing is linked"))).to_be_visible()
    assert exchange(subject_token=token).status_code == 200


def test_an_old_proof_is_made_anew_with_a_wrong_password_first(owner, settings):
    settings.REAUTHENTICATION = 0
    owner.get_by_role("link", name="Unlink").click()
    owner.get_by_label("Password").fill("wrong")
    owner.get_by_role("button", name="Go on", exact=True).click()
    expect(owner.get_by_text("This is not your password.")).to_be_visible()
    assert_good(owner)
    settings.REAUTHENTICATION = 300

    owner.get_by_label("Password").fill(PASSWORD)
    owner.get_by_role("button", name="Go on", exact=True).click()

    expect(owner.get_by_role("heading", name=re.compile("Unlink Acme"))).to_be_visible()
