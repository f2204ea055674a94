"""Linking by oneself in a browser: at a live little issuer, and with a token of it."""

import threading

import pytest
from playwright.sync_api import expect

from accounts.models import FederatedLink, User
from connections import sign_in as client
from connections.models import Connection
from idp.demo.acme import PEOPLE, Server
from tests.browser.conftest import PASSWORD, sign_in
from tests.browser.pages import assert_good
from tests.ports import free_ports

SUBJECT = PEOPLE["ann"]["sub"]


@pytest.fixture
def acme(transactional_db, settings, monkeypatch):
    """Return a live issuer at which people sign in, with the connection to it."""
    monkeypatch.setenv("ACME_CLIENT_SECRET", "between us")
    settings.ALLOW_LOCAL_ISSUERS = True
    port, _other = free_ports()
    with Server(port, settings.ISSUER) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        issuer = server.issuers[""]
        Connection.objects.create(
            name="Acme",
            issuer=issuer.url,
            jwks_uri=f"{issuer.url}/jwks",
            link_by_sign_in=True,
            link_by_token=True,
            client_id="agio",
            sealed_client_secret=client.seal("between us"),
            authorization_endpoint=f"{issuer.url}/authorize",
            token_endpoint=f"{issuer.url}/code",
            answers_with_issuer=True,
        )
        yield issuer
        server.shutdown()


@pytest.fixture
def person(page, plain_http, acme, settings):
    """Return a page of somebody who is signed in, on the way to link an account."""
    user = User.objects.create_user("ada", PASSWORD, email="ada@ours.example")
    sign_in(page.context, user, settings)
    page.goto("/account/linked-accounts/")
    page.get_by_role("link", name="Link an account").click()
    assert_good(page)
    page.get_by_role("link", name="Continue with Acme").click()
    return page


def test_link_by_signing_in_at_the_issuer(person):
    assert_good(person)
    person.get_by_role("button", name="Sign in at Acme").click()
    person.get_by_role("link", name="Ann").click()

    expect(person.get_by_role("heading", name="Link these two?")).to_be_visible()
    expect(person.get_by_text(SUBJECT)).to_be_visible()
    assert_good(person)
    person.get_by_role("button", name="Link them").click()
    expect(person.get_by_role("heading", name="Linked accounts")).to_be_visible()
    assert FederatedLink.objects.get().subject == SUBJECT


def test_cancelled_at_the_issuer(person):
    person.get_by_role("button", name="Sign in at Acme").click()
    person.get_by_role("link", name="Cancel").click()

    expect(person.get_by_text("You did not sign in there")).to_be_visible()
    assert_good(person)
    assert not FederatedLink.objects.exists()


def test_link_by_pasting_a_token_after_an_expired_one(person, acme):
    person.get_by_label("A token that").fill(acme.token("ann", "expired"))
    person.get_by_role("button", name="Check the token").click()
    expect(person.get_by_text("has expired")).to_be_visible()
    person.go_back()

    person.get_by_label("A token that").fill(acme.token("ann"))
    person.get_by_role("button", name="Check the token").click()
    person.get_by_role("button", name="Link them").click()
    expect(person.get_by_role("heading", name="Linked accounts")).to_be_visible()
    assert FederatedLink.objects.get().subject == SUBJECT


def test_an_identity_of_somebody_else(person, acme):
    other = User.objects.create_user("other", PASSWORD)
    connection = Connection.objects.get()
    FederatedLink.objects.create(
        connection=connection, subject=SUBJECT, user=other, origin="implicit"
    )

    person.get_by_label("A token that").fill(acme.token("ann"))
    person.get_by_role("button", name="Check the token").click()

    expect(person.get_by_text("This identity cannot be linked")).to_be_visible()
    assert FederatedLink.objects.get().user == other
