"""
Send the notices that wait.

A thread of each worker sends them, so that no exchange waits for a mail server. Rows are deleted
once they are sent: a crash in between sends one twice, and loses none. Whoever writes one wakes the
thread; what a command wrote, or a worker left behind, is found within a minute.
"""

import logging
import threading
from datetime import timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import connection
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from idp.addresses import absolute
from idp.models import LinkNotice
from idp.writing import turn_to_write

logger = logging.getLogger(__name__)

ATTEMPTS = 8  # over four hours, each pause twice the one before
PAUSE = timedelta(minutes=2)
CLAIMED_FOR = timedelta(minutes=2)  # longer than a mail server may take (idp.mail.PATIENCE)

SUBJECTS = {
    LinkNotice.About.MADE: _("An outside identity was linked to your account"),
    LinkNotice.About.FIRST_USE: _("An application used a linked account for the first time"),
    LinkNotice.About.CLAIMED: _("Somebody else tried to link an identity that is linked to you"),
}

LOOK_EVERY = 60  # seconds

_wanted = threading.Event()


def wake() -> None:
    """Let the thread of this process look at once, if it has one."""
    _wanted.set()


def start() -> None:
    """Begin to send, in a thread of its own, for as long as the process lives."""
    threading.Thread(target=_send_for_ever, name="notices", daemon=True).start()


def send_waiting() -> int:
    """Send every notice that is due; return how many were sent."""
    sent = 0
    while (notice := _claim()) is not None:
        sent += _send(notice)
    return sent


def _send_for_ever() -> None:
    while True:
        try:
            send_waiting()
        except Exception:
            logger.exception("Notices could not be sent.")
        finally:
            connection.close()
        _wanted.wait(LOOK_EVERY)
        _wanted.clear()


def _claim() -> LinkNotice | None:
    """Take the notice that is due, so that no other worker does; later it is due again."""
    now = timezone.now()
    due = LinkNotice.objects.select_related("user").filter(due_at__lte=now)
    while (notice := due.order_by("due_at").first()) is not None:
        mine = LinkNotice.objects.filter(pk=notice.pk, due_at=notice.due_at)
        with turn_to_write():
            # The condition is the lock: of two workers one changes the row.
            if mine.update(due_at=now + CLAIMED_FOR, attempts=notice.attempts + 1):
                notice.attempts += 1
                return notice
    return None


def _send(notice: LinkNotice) -> bool:
    """Send one notice; say whether it went out. One that nobody may have any more is dropped."""
    user = notice.user
    is_wanted = user.link_notices and user.email and user.email_verified and user.is_usable
    try:
        if is_wanted:
            _mail(notice)
    except OSError:  # smtplib's errors are OSErrors
        logger.warning("A notice could not be sent.", exc_info=True)
        _postpone(notice)
        return False
    with turn_to_write():
        LinkNotice.objects.filter(pk=notice.pk).delete()
    return bool(is_wanted)


def _mail(notice: LinkNotice) -> None:
    context = {
        "notice": notice,
        "issuer": settings.ISSUER,
        "page": absolute("linked-accounts"),
    }
    EmailMessage(
        subject=SUBJECTS[LinkNotice.About(notice.about)],
        body=render_to_string("account/link_notice.txt", context),
        from_email=settings.EMAIL_FROM,
        to=[notice.user.email],
    ).send()


def _postpone(notice: LinkNotice) -> None:
    mine = LinkNotice.objects.filter(pk=notice.pk)
    with turn_to_write():
        if notice.attempts >= ATTEMPTS:
            mine.delete()
        else:
            mine.update(due_at=timezone.now() + PAUSE * 2 ** (notice.attempts - 1))
