"""What an owner may do with a link, and that it is the owner who does it."""

import pytest
from django.utils import timezone

from accounts.models import FederatedLink, RemovedLink
from idp import audit
from idp.links import owner
from idp.models import AuditEvent, LinkLimit
from tests import keys
from tests.fixtures import change


@pytest.fixture
def link(alice):
    """Return alice's link."""
    return FederatedLink.objects.get()


def by(user) -> audit.Actor:
    """Return somebody as the one who acts."""
    return audit.Actor(user.username, str(user.public_id))


def do(what, user, link):
    """Let somebody do something to a link."""
    more = {"applications": [], "until": None} if what is owner.limit else {}
    return what(user, link.pk, by(user), **more)


CHANGES = [owner.pause, owner.resume, owner.limit, owner.unlink]


@pytest.mark.parametrize("what", CHANGES)
def test_somebody_else_cannot(what, link, bob):
    with pytest.raises(FederatedLink.DoesNotExist):
        do(what, bob, link)

    assert not AuditEvent.objects.exists()


@pytest.mark.parametrize("what", CHANGES)
@pytest.mark.parametrize("state", [{"is_active": False}, {"locked_at": timezone.now()}])
def test_an_owner_who_was_disabled_meanwhile_cannot(what, link, alice, state):
    change(alice, **state)

    with pytest.raises(FederatedLink.DoesNotExist):
        do(what, alice, link)


@pytest.mark.parametrize("what", CHANGES)
def test_it_is_written_down_under_the_owners_name(what, link, alice):
    change(link, paused_at=timezone.now() if what is owner.resume else None)

    do(what, alice, link)

    event = AuditEvent.objects.get()
    assert event.action.startswith("user.")
    assert (event.actor_name, event.target_id) == ("alice", str(alice.public_id))
    assert keys.SUBJECT in event.before["link"]


def test_pausing_twice_keeps_the_first_time_and_writes_one_entry(link, alice):
    first = owner.pause(alice, link.pk, by(alice)).paused_at

    assert owner.pause(alice, link.pk, by(alice)).paused_at == first
    assert AuditEvent.objects.count() == 1


def test_limits_are_replaced_and_lifted(link, alice, application):
    until = timezone.now()
    owner.limit(alice, link.pk, by(alice), applications=[application], until=until)
    link.refresh_from_db()
    assert (link.is_limited, link.expires_at) == (True, until)
    assert LinkLimit.objects.get().application == application

    owner.limit(alice, link.pk, by(alice), applications=None, until=None)

    link.refresh_from_db()
    assert (link.is_limited, link.expires_at, link.limits.count()) == (False, None, 0)


def test_an_unlinked_identity_is_remembered_until_its_owner_allows_it_again(link, alice, bob):
    owner.unlink(alice, link.pk, by(alice))
    removed = RemovedLink.objects.get()
    assert (removed.user, removed.subject) == (alice, keys.SUBJECT)
    with pytest.raises(RemovedLink.DoesNotExist):
        owner.allow_again(bob, removed.pk, by(bob))

    owner.allow_again(alice, removed.pk, by(alice))

    assert not RemovedLink.objects.exists()
    assert AuditEvent.objects.filter(action="user.link-allowed-again").count() == 1
