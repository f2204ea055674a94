"""
What the owner of a link is told by e-mail.

A notice is written in the transaction of what it tells, so that neither exists without the other,
and sent by idp.links.outbox. Only a verified address is written to: whoever can type an address
into a profile must not read along.
"""

from datetime import datetime

from django.conf import settings
from django.db import transaction

from accounts.models import FederatedLink, User
from applications.models import Application
from connections.excerpt import excerpt
from connections.models import Connection
from idp.links import outbox
from idp.models import LinkNotice

About = LinkNotice.About


def link_made(link: FederatedLink, now: datetime, application: Application | None = None) -> None:
    """Tell of a new link, however it was made; `application` is the one whose exchange made it."""
    _write(
        About.MADE,
        link.user,
        link.connection,
        link.subject,
        now,
        origin=link.origin,
        application_name=application.name if application else "",
    )


def first_use(link: FederatedLink, application: Application, now: datetime) -> None:
    """Tell that an application used a link for the first time."""
    _write(
        About.FIRST_USE,
        link.user,
        link.connection,
        link.subject,
        now,
        application_name=application.name,
    )


def claimed(link: FederatedLink, now: datetime) -> None:
    """Tell that somebody else proved to have the identity, and wanted to link it."""
    _write(About.CLAIMED, link.user, link.connection, link.subject, now)


def wants_notices(user: User) -> bool:
    """Say whether somebody gets notices: they want them, and their address is verified."""
    return bool(settings.MAILERS and user.link_notices and user.email and user.email_verified)


def _write(
    about: str, user: User, connection: Connection, subject: str, now: datetime, **more: str
) -> None:
    if not wants_notices(user):
        return
    LinkNotice.objects.create(
        user=user,
        about=about,
        connection_name=connection.name,
        subject=excerpt(subject),
        happened_at=now,
        **more,
    )
    transaction.on_commit(outbox.wake)
