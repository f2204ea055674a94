"""What happens when the world changes between the decision and the token (AL-01, AT-121)."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import IntegrityError
from django.db import connections as databases

from accounts import linking
from accounts.models import FederatedLink, RemovedLink
from idp.audit import Actor
from idp.exchange import grant
from idp.links import owner
from idp.models import AccessToken, ExchangeRecord
from tests import keys
from tests.fixtures import change

TOKEN = {"email": "bob@ours.example", "email_verified": True}


@pytest.fixture
def linking_by_email(connection, application, bob):
    """Let bob's token link itself to bob."""
    change(connection, implicit_linking=True, primary_lookup="email")
    change(application, prioritize_local=True, mandate_local=True)


@pytest.fixture
def meanwhile(monkeypatch):
    """Return a function that lets something happen once, between the decision and the commit."""

    def happens(event):
        decide, pending = grant.decide, [event]

        def decide_then(*args, **kwargs):
            decision = decide(*args, **kwargs)
            if pending:
                pending.pop()()
            return decision

        monkeypatch.setattr(grant, "decide", decide_then)

    return happens


@pytest.mark.django_db(transaction=True)
def test_two_exchanges_that_both_want_to_link_make_one_link(
    exchange, linking_by_email, monkeypatch
):
    exchange(subject_token="warm up")
    both_decided, decide = Barrier(2, timeout=20), grant.decide

    def decide_together(*args, **kwargs):
        decision = decide(*args, **kwargs)
        if decision.identity.link is None:
            both_decided.wait()
        return decision

    monkeypatch.setattr(grant, "decide", decide_together)

    def use(_number: int) -> int:
        try:
            return exchange(subject_token=keys.sign(**TOKEN)).status_code
        finally:
            databases.close_all()

    with ThreadPoolExecutor(2) as threads:
        assert list(threads.map(use, range(2))) == [200, 200]

    assert FederatedLink.objects.count() == 1
    assert AccessToken.objects.filter(link=FederatedLink.objects.get()).count() == 2


@pytest.mark.django_db(transaction=True)
def test_a_link_made_for_somebody_else_meanwhile_is_followed(
    exchange, linking_by_email, connection, application, alice, meanwhile
):
    FederatedLink.objects.all().delete()
    meanwhile(
        lambda: FederatedLink.objects.create(
            connection=connection, subject=keys.SUBJECT, user=alice, origin="owner"
        )
    )

    assert exchange(subject_token=keys.sign(**TOKEN)).status_code == 200

    assert AccessToken.objects.get().user == alice


@pytest.mark.django_db(transaction=True)
def test_a_link_removed_meanwhile_grants_nothing(
    exchange, application, connection, alice, meanwhile
):
    change(application, prioritize_local=True, mandate_local=True)
    meanwhile(lambda: FederatedLink.objects.all().delete())

    response = exchange()

    assert response.status_code == 400
    assert not AccessToken.objects.exists()
    assert ExchangeRecord.objects.get().reason == "account.unlinked"


@pytest.mark.django_db(transaction=True)
def test_a_link_its_owner_made_and_removed_meanwhile_is_not_made_again(
    exchange, linking_by_email, connection, bob, meanwhile
):
    meanwhile(
        lambda: RemovedLink.objects.create(user=bob, connection=connection, subject=keys.SUBJECT)
    )

    assert exchange(subject_token=keys.sign(**TOKEN)).status_code == 400

    assert not FederatedLink.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_an_account_that_never_stands_still_is_answered_with_try_again(
    exchange, linking_by_email, monkeypatch
):
    def taken(*args, **kwargs):
        raise IntegrityError

    monkeypatch.setattr(linking, "make_link", taken)

    response = exchange(subject_token=keys.sign(**TOKEN))

    assert response.status_code == 503
    assert response["Retry-After"] == "1"
    assert response.json()["error"] == "temporarily_unavailable"


@pytest.mark.django_db(transaction=True)
def test_no_token_survives_an_unlinking_that_comes_in_between(
    exchange, application, alice, meanwhile
):  # AT-121
    change(application, prioritize_local=True, mandate_local=True)
    link = FederatedLink.objects.get()
    meanwhile(lambda: owner.unlink(alice, link.pk, Actor.command("test")))

    response = exchange()

    assert response.status_code == 400
    assert not AccessToken.objects.exists()
    assert RemovedLink.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_unlinking_while_exchanges_come_in_leaves_no_token(exchange, application, alice):
    change(application, prioritize_local=True, mandate_local=True)
    link = FederatedLink.objects.get()
    start = Barrier(5, timeout=20)

    def act(number: int) -> int:
        try:
            start.wait()
            if number == 0:
                owner.unlink(alice, link.pk, Actor.command("test"))
                return 0
            return exchange().status_code
        finally:
            databases.close_all()

    with ThreadPoolExecutor(5) as threads:
        answers = list(threads.map(act, range(5)))

    assert set(answers) <= {0, 200, 400}
    assert not AccessToken.objects.filter(user=alice).exists()
    assert not FederatedLink.objects.exists()
