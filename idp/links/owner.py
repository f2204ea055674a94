"""
What only the owner of a link may do with it: no page of the console, no file and no command calls
these for somebody else. Each change is in the audit log, under the owner's name.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import FederatedLink, RemovedLink, User
from applications.models import Application
from connections.excerpt import excerpt
from idp.audit import Actor, record
from idp.models import LinkLimit
from idp.writing import turn_to_write

# As the owner is now: who was disabled while they clicked owns nothing.
USABLE = {"user__is_active": True, "user__locked_at": None}


def pause(owner: User, link_id: int, actor: Actor) -> FederatedLink:
    """
    Let no application use a link until it is resumed; its tokens end at once.

    :raises FederatedLink.DoesNotExist: where the owner has no such link
    """
    with _changing(owner, link_id, actor, "paused") as link:
        link.paused_at = link.paused_at or timezone.now()
        link.save(update_fields=["paused_at"])
    return link


def resume(owner: User, link_id: int, actor: Actor) -> FederatedLink:
    """
    Let a paused link be used again; tokens from before the pause are good again, too.

    :raises FederatedLink.DoesNotExist: where the owner has no such link
    """
    with _changing(owner, link_id, actor, "resumed") as link:
        link.paused_at = None
        link.save(update_fields=["paused_at"])
    return link


def limit(
    owner: User,
    link_id: int,
    actor: Actor,
    *,
    applications: Collection[Application] | None,
    until: datetime | None,
) -> FederatedLink:
    """
    Let only these applications use a link, and only until then; None for no limit of the kind.

    No application at all means nobody.

    :raises FederatedLink.DoesNotExist: where the owner has no such link
    """
    with _changing(owner, link_id, actor, "limited") as link:
        link.is_limited, link.expires_at = applications is not None, until
        link.save(update_fields=["is_limited", "expires_at"])
        link.limits.all().delete()
        LinkLimit.objects.bulk_create(
            LinkLimit(link=link, application=application) for application in applications or ()
        )
    return link


def unlink(owner: User, link_id: int, actor: Actor) -> FederatedLink:
    """
    Remove a link with every token that came through it, and remember not to make it again.

    Returns what it was, without a primary key.

    :raises FederatedLink.DoesNotExist: where the owner has no such link
    """
    with turn_to_write(), transaction.atomic():
        # The lock comes first: an exchange that keeps a token has its turn before, or fails after.
        link = _own(owner, link_id)
        RemovedLink.objects.get_or_create(
            user=link.user, connection=link.connection, subject=link.subject
        )
        before, after = {"link": _told(link)}, {"link": "removed"}
        record("user.unlinked", link.user, before=before, after=after, actor=actor)
        link.delete()
    return link


def allow_again(owner: User, removed_id: int, actor: Actor) -> RemovedLink:
    """
    Forget that a link was removed: it may be made again, automatically or by an administrator.

    :raises RemovedLink.DoesNotExist: where the owner removed no such link
    """
    with turn_to_write(), transaction.atomic():
        rows = RemovedLink.objects.select_for_update(of=("self",)).select_related("connection")
        removed = rows.get(pk=removed_id, user=owner, **USABLE)
        name = f"{excerpt(removed.subject)} at {removed.connection.name}"
        before, after = {"removed_link": name}, {"removed_link": "may be made again"}
        record("user.link-allowed-again", owner, before=before, after=after, actor=actor)
        removed.delete()
    return removed


@contextmanager
def _changing(owner: User, link_id: int, actor: Actor, what: str) -> Iterator[FederatedLink]:
    """Give out the link, locked; what differs afterwards goes into the audit log."""
    with turn_to_write(), transaction.atomic():
        link = _own(owner, link_id)
        before = {"link": _told(link)}
        yield link
        after = {"link": _told(link)}
        record(f"user.link-{what}", link.user, before=before, after=after, actor=actor)


def _own(owner: User, link_id: int) -> FederatedLink:
    links = FederatedLink.objects.select_for_update(of=("self",))
    rows = links.select_related("user", "connection")
    return rows.get(pk=link_id, user=owner, **USABLE)


def _told(link: FederatedLink) -> str:
    """Return a link and its state in one line, for the audit log."""
    state = ["paused" if link.paused_at else "in use"]
    if link.expires_at:
        state.append(f"until {link.expires_at:%Y-%m-%d %H:%M} UTC")
    if link.is_limited:
        names = link.limits.order_by("application__name")
        state.append(
            f"for {', '.join(names.values_list('application__name', flat=True)) or 'nobody'}"
        )
    return f"{excerpt(link.subject)} at {link.connection.name}: {', '.join(state)}"
