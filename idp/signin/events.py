"""What changes about somebody's factors is in the audit log, and ends what was there before."""

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset
from allauth.usersessions.models import UserSession
from django.db import transaction
from django.dispatch import receiver
from django.http import HttpRequest

from accounts.models import User
from idp.audit import Actor, record

NAMES = {"totp": "authenticator app", "webauthn": "passkey", "recovery_codes": "recovery codes"}


@receiver(authenticator_added, dispatch_uid="agio.factor-added")
def note_added(
    request: HttpRequest, user: User, authenticator: Authenticator, **_more: Any
) -> None:
    """Write down that somebody added a factor; sessions that did not need it end."""
    _write("added", request, user, authenticator)
    for session in UserSession.objects.filter(user=user):
        if session.session_key != request.session.session_key:
            session.end()


@receiver(authenticator_removed, dispatch_uid="agio.factor-removed")
def note_removed(
    request: HttpRequest, user: User, authenticator: Authenticator, **_more: Any
) -> None:
    """Write down that somebody removed a factor."""
    _write("removed", request, user, authenticator)


@receiver(authenticator_reset, dispatch_uid="agio.factor-reset")
def note_reset(
    request: HttpRequest, user: User, authenticator: Authenticator, **_more: Any
) -> None:
    """Write down that somebody made new recovery codes."""
    _write("renewed", request, user, authenticator)


def _write(what: str, request: HttpRequest, user: User, authenticator: Authenticator) -> None:
    name = NAMES.get(authenticator.type, authenticator.type)
    values = [{"factor": f"{name}: none"}, {"factor": f"{name}: {what}"}]
    with transaction.atomic():
        record(
            f"user.factor-{what}",
            user,
            before=values[0],
            after=values[1],
            actor=Actor.of(request),
        )
