"""Which applications used a link, first and last."""

from datetime import datetime, timedelta

from accounts.models import FederatedLink
from applications.models import Application
from connections.rows import Update
from idp.links import notices
from idp.models import LinkUse

RESOLUTION = timedelta(minutes=1)

_use = Update(LinkUse, "last_used_at", where=("link_id", "application_id"))
_last_use = Update(FederatedLink, "last_used_at", "last_used_by", where=("id",))


def note_use(link: FederatedLink, application: Application, now: datetime) -> None:
    """
    Remember that an application used a link, to the minute; tell the owner of its first time.

    One write for a thousand exchanges: whoever used it last, a moment ago, is known from the link.
    Call it in the transaction that keeps the token.
    """
    if link.last_used_by == application.pk and _is_recent(link.last_used_at, now):
        return
    if not _use.run(now, link.pk, application.pk):
        _note_first_use(link, application, now)
        notices.first_use(link, application, now)
    _last_use.run(now, application.pk, link.pk)


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
