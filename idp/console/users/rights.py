"""What an administrator may do to an account: each a button, and an entry in the audit log."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.serializers import UserSerializer
from idp import audit
from idp.configuration.problems import flatten
from idp.console.access import administrators_only
from idp.console.buttons import button_of
from idp.console.changing import changing
from idp.console.editing import INVALID
from idp.console.users.finding import find_user
from idp.console.users.profile import profile_page

# What each button writes as the configuration file would, and what it says when that is done
BUTTONS: dict[str, tuple[dict[str, bool], str | Promise]] = {
    "disable": ({"active": False}, _("The account is disabled.")),
    "enable": ({"active": True}, _("The account is enabled.")),
    "make-administrator": ({"administrator": True}, _("Now an administrator.")),
    "remove-administrator": ({"administrator": False}, _("No administrator any more.")),
}


class Refused(Exception):
    """The account stays as it is, and this is why."""


@administrators_only
@button_of("user")
def press(request: HttpRequest, public_id: uuid.UUID, button: str) -> HttpResponse:
    """Change what somebody may do, or say why not."""
    entry, done = BUTTONS[button]
    try:
        user, password = change(request, public_id, entry)
    except Refused as refusal:
        return profile_page(request, find_user(public_id), INVALID, problem=str(refusal))
    if password:  # seen now or never: no redirect, and no cache keeps this page
        return profile_page(request, user, password_shown_once=password)
    messages.success(request, done)
    return redirect("user", public_id)


def change(
    request: HttpRequest, public_id: uuid.UUID, entry: dict[str, Any]
) -> tuple[User, str | None]:
    """
    Change somebody's account; return it, and the password that it was given, if any.

    :raises Refused: where a rule of accounts forbids it
    """
    with changing(request):
        user = find_user(public_id, lock=True)
        context = {"acting": request.user}
        serializer = UserSerializer(user, data=entry, partial=True, context=context)
        if not serializer.is_valid():
            raise Refused(" ".join(str(text) for _path, text in flatten(serializer.errors, ())))
        before = audit.describe(user)
        saved = serializer.save()
        after, actor = audit.describe(saved), audit.Actor.of(request)
        audit.record_changes(saved, before=before, after=after, actor=actor)
    return saved, serializer.shown_once.get("password")


@administrators_only
@button_of("user")
def unlock(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Let somebody in again who was locked out."""
    with changing(request):
        user = find_user(public_id, lock=True)
        before, user.locked_at = user.locked_at, None
        user.save(update_fields=["locked_at"])
        audit.record(
            "user.unlocked",
            user,
            before={"locked_at": before},
            after={"locked_at": None},
            actor=audit.Actor.of(request),
        )
    messages.success(request, _("The account is unlocked."))
    return redirect("user", public_id)
