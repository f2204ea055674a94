"""Which applications used a link, first and last."""

from datetime import datetime, timedelta

from accounts.models import FederatedLink
from applications.models import Application
from idp.links import notices
from idp.models import LinkUse

RESOLUTION = timedelta(minutes=1)


def note_use(link: FederatedLink, application: Application, now: datetime) -> None:
    """
    Remember that an application used a link, to the minute; tell the owner of its first time.

    One write for a thousand exchanges: whoever used it last, a moment ago, is known from the link.
    Call it in the transaction that keeps the token.
    """
    if link.last_used_by == application.pk and _is_recent(link.last_used_at, now):
        return
    uses = LinkUse.objects.filter(link_id=link.pk, application_id=application.pk)
    if not uses.update(last_used_at=now):
        _note_first_use(link, application, now)
        notices.first_use(link, application, now)
    FederatedLink.objects.filter(pk=link.pk).update(last_used_at=now, last_used_by=application.pk)


def note_making(link: FederatedLink, application: Application, now: datetime) -> None:
    """Remember the application whose exchange made the link; that it was made is told already."""
    _note_first_use(link, application, now)
    notices.link_made(link, now, application)


def _note_first_use(link: FederatedLink, application: Application, now: datetime) -> None:
    LinkUse.objects.create(
        link_id=link.pk, application_id=application.pk, first_used_at=now, last_used_at=now
    )


def _is_recent(last_used_at: datetime | None, now: datetime) -> bool:
    return last_used_at is not None and now - last_used_at < RESOLUTION
