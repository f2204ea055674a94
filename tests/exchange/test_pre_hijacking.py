"""
Whoever was in an account before its owner came along is out (AL-02, AT-114).

The five attacks of Sudhodanan and Paverd, USENIX Security 2022, on linking by an exchange.
"""

import pytest
from django.test import Client

from accounts import letters
from accounts.models import FederatedLink
from tests import keys
from tests.fixtures import change

TOKEN = {"email": "bob@ours.example", "email_verified": True}


@pytest.fixture
def attacker(bob) -> Client:
    """Return a browser in which somebody is signed in to bob's account."""
    browser = Client()
    browser.force_login(bob)
    assert browser.get("/account/").status_code == 200
    return browser


@pytest.fixture
def link_by_email(connection, application, exchange):
    """Return a function that lets bob come along with a token of his own."""
    change(connection, implicit_linking=True, primary_lookup="email")
    change(application, prioritize_local=True, mandate_local=True)
    return lambda **claims: exchange(subject_token=keys.sign(**TOKEN | claims))


def test_1_an_account_somebody_made_with_the_victims_address_is_not_merged(link_by_email, bob):
    change(bob, email_verified=False)

    assert link_by_email().status_code == 400
    assert not FederatedLink.objects.exists()


def test_2_a_session_from_before_ends(link_by_email, attacker):
    assert link_by_email().status_code == 200

    assert attacker.get("/account/").status_code == 302


def test_2_later_exchanges_end_no_session(link_by_email, attacker, bob):
    link_by_email()
    bob.refresh_from_db()
    attacker.force_login(bob)

    assert link_by_email().status_code == 200
    assert attacker.get("/account/").status_code == 200


def test_3_another_identity_linked_before_is_not_joined_by_the_victims(
    link_by_email, bob, connection
):
    FederatedLink.objects.create(
        connection=connection, subject="attacker", user=bob, origin="owner"
    )

    assert link_by_email().status_code == 400
    assert FederatedLink.objects.count() == 1


def test_4_a_change_of_address_that_waits_ends(link_by_email, bob):
    secret = letters.write(bob, letters.NEW_ADDRESS, email="evil@evil.example")
    assert letters.read(secret, letters.NEW_ADDRESS)

    link_by_email()

    assert letters.read(secret, letters.NEW_ADDRESS) is None


@pytest.mark.parametrize("verified", [None, False, "true", 1])
def test_5_an_issuer_that_verifies_nothing_links_nobody(link_by_email, verified):
    claims = {} if verified is None else {"email_verified": verified}
    token = {"email_verified": None} if verified is None else claims

    assert link_by_email(**token).status_code == 400
    assert not FederatedLink.objects.exists()
