"""The owner's say, rows 10 to 12 of the decision table, through the token endpoint."""

from datetime import timedelta

import jwt
import pytest
from django.utils import timezone

from accounts.models import FederatedLink, RemovedLink
from idp.models import AccessToken, ExchangeRecord, LinkLimit, LinkUse
from tests import keys
from tests.exchange.test_linked_accounts import REFUSED, outcome
from tests.fixtures import change

WISHES = [False, True]


@pytest.fixture(params=WISHES, ids=["prefer", "mandate"])
def link(request, application, alice):
    """Return alice's link, for an application that prefers local accounts, or mandates them."""
    change(application, prioritize_local=True, mandate_local=request.param)
    return FederatedLink.objects.get()


def reason() -> str:
    """Return the administrator's reason for the last attempt."""
    return ExchangeRecord.objects.order_by("-at").first().reason


def test_row_10_a_paused_link_is_refused_until_it_is_resumed(exchange, link):
    assert outcome(exchange()) == "alice"
    change(link, paused_at=timezone.now())

    assert outcome(exchange()) == REFUSED
    assert reason() == "account.link-paused"

    change(link, paused_at=None)
    assert outcome(exchange()) == "alice"


def test_row_11_a_link_past_its_day_is_refused(exchange, link):
    change(link, expires_at=timezone.now() + timedelta(minutes=5))
    assert outcome(exchange()) == "alice"

    change(link, expires_at=timezone.now() - timedelta(seconds=1))

    assert outcome(exchange()) == REFUSED
    assert reason() == "account.link-expired"


def test_row_12_a_link_for_other_applications_is_refused(exchange, link, application):
    change(link, is_limited=True)  # nobody is chosen: nobody may

    assert outcome(exchange()) == REFUSED
    assert reason() == "account.link-limited"

    LinkLimit.objects.create(link=link, application=application)
    assert outcome(exchange()) == "alice"


def test_applications_chosen_for_a_link_without_limit_do_not_count(exchange, link, application):
    LinkLimit.objects.create(link=link, application=application)

    assert outcome(exchange()) == "alice"


def test_a_disabled_account_is_the_reason_before_its_owners_word(exchange, link, alice):
    change(link, paused_at=timezone.now())
    change(alice, is_active=False)

    assert outcome(exchange()) == REFUSED
    assert reason() == "account.linked-unusable"


def test_an_application_that_asks_for_no_account_is_not_concerned(exchange, alice):
    FederatedLink.objects.update(paused_at=timezone.now())

    assert outcome(exchange()) == "federated"


def test_a_paused_link_is_no_reason_to_link_another_account(
    exchange, link, application, connection, bob
):
    """The address in the token is bob's, and the link alice's: her word counts."""
    change(connection, implicit_linking=True, primary_lookup="email")
    change(link, paused_at=timezone.now())
    token = keys.sign(email="bob@ours.example", email_verified=True)

    assert outcome(exchange(subject_token=token)) == REFUSED
    assert FederatedLink.objects.count() == 1


def test_a_token_lives_no_longer_than_the_link(exchange, link):
    change(link, expires_at=timezone.now() + timedelta(seconds=100))

    answer = exchange().json()

    assert 90 < answer["expires_in"] <= 100
    claims = jwt.decode(answer["access_token"], options={"verify_signature": False})
    assert claims["exp"] - claims["iat"] == answer["expires_in"]


def test_who_used_a_link_is_remembered_to_the_minute(exchange, link, application):
    exchange()
    use = LinkUse.objects.get()
    assert (use.link, use.application) == (link, application)
    earlier = timezone.now() - timedelta(minutes=3)
    LinkUse.objects.update(first_used_at=earlier, last_used_at=earlier)

    exchange()
    assert LinkUse.objects.get().last_used_at == earlier

    FederatedLink.objects.update(last_used_at=earlier)
    exchange()
    use = LinkUse.objects.get()
    assert use.first_used_at == earlier
    assert use.last_used_at > earlier


def test_a_refused_exchange_is_no_use(exchange, link):
    change(link, paused_at=timezone.now())

    exchange()

    assert not LinkUse.objects.exists()
    assert not AccessToken.objects.exists()


def test_a_removed_link_is_not_made_again_by_the_other_attribute(
    exchange, application, connection, bob
):
    change(application, prioritize_local=True)
    change(
        connection,
        implicit_linking=True,
        primary_lookup="email",
        secondary_lookup="username",
        issuer_verifies=frozenset({"username"}),
    )
    RemovedLink.objects.create(user=bob, connection=connection, subject=keys.SUBJECT)
    token = keys.sign(email="else@ours.example", email_verified=True, preferred_username="bob")

    assert outcome(exchange(subject_token=token)) == "federated"
    assert not FederatedLink.objects.exists()
