"""Send somebody a link: to set a new password, or, invited, the first one."""

import logging
import uuid
from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from accounts import reset
from accounts.models import User
from idp import audit, limits, mail
from idp.console.access import administrators_only
from idp.console.buttons import button_of
from idp.console.changing import changing
from idp.console.editing import INVALID
from idp.console.users.finding import find_user
from idp.console.users.profile import profile_page
from idp.password_reset import send_link
from idp.signin import invitation

UNAVAILABLE = 503

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Letter:
    """A link that is sent to somebody: its name in the audit log, and who may have one."""

    name: str
    obstacle: Callable[[User], str | Promise]
    send: Callable[[User], None]


RESET = Letter("password-reset", lambda user: reset.obstacle(user) or mail.obstacle(), send_link)
INVITATION = Letter("invitation", invitation.obstacle, invitation.send)


@administrators_only
@button_of("user")
def send(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Send a link to set a new password, or say why it cannot be sent."""
    return _post(request, public_id, RESET)


@administrators_only
@button_of("user")
def invite(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Send an invitation to set the first password, or say why it cannot be sent."""
    return _post(request, public_id, INVITATION)


def _post(request: HttpRequest, public_id: uuid.UUID, letter: Letter) -> HttpResponse:
    user = find_user(public_id)
    if obstacle := letter.obstacle(user):
        return profile_page(request, user, INVALID, problem=obstacle)
    try:
        limits.spend(user, limits.RESET_MAILS)
    except limits.TooOften as problem:
        return profile_page(request, user, INVALID, problem=str(problem))
    # First the entry, then the mail: no link is on its way that nobody is on record for.
    _record(request, user, f"user.{letter.name}-requested")
    try:
        letter.send(user)
    except OSError as problem:
        logger.warning("The mail server did not take a message: %s", type(problem).__name__)
        _record(request, user, f"user.{letter.name}-not-sent")
        return profile_page(request, user, UNAVAILABLE, problem=_not_sent())
    messages.success(request, _("The link was sent to %(email)s.") % {"email": user.email})
    return redirect("user", public_id)


def _record(request: HttpRequest, user: User, action: str) -> None:
    sent_to = {"email": user.email}
    with changing(request):
        audit.record(action, user, before={}, after=sent_to, actor=audit.Actor.of(request))


def _not_sent() -> str:
    return _(
        "The mail server did not take the message, so no link was sent. Try again; if it stays so, "
        "compare AGIO_EMAIL_URL with what its operator says."
    )
