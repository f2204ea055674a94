"""What this server runs with, where each value comes from, and who its administrators are."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts.finding import find_by_username
from accounts.models import User
from idp.console import settings_facts
from idp.console.access import administrators_only
from idp.console.buttons import button_of
from idp.console.editing import INVALID
from idp.console.users.rights import Refused, change

SHOWN = 100  # administrators
LONGEST_NAME = 150


@administrators_only
def settings_page(request: HttpRequest) -> HttpResponse:
    """Show what is set."""
    return _page(request)


@administrators_only
@button_of("settings")
def administrator(request: HttpRequest) -> HttpResponse:
    """Make somebody an administrator, by username."""
    name = request.POST.get("username", "")[:LONGEST_NAME].replace("\0", "").strip()
    if not name:
        return _page(request, INVALID, problem=_("Enter the username of an account."))
    user = find_by_username(name)
    if user is None:
        problem = _("Enter the username of an account: nobody is called “%(name)s”.")
        return _page(request, INVALID, problem=problem % {"name": name}, username=name)
    if user.is_administrator:
        problem = _("“%(name)s” is an administrator already.") % {"name": user.username}
        return _page(request, INVALID, problem=problem, username=name)
    return _make_administrator(request, user)


def _make_administrator(request: HttpRequest, user: User) -> HttpResponse:
    try:
        user, password = change(request, user.public_id, {"administrator": True})
    except Refused as refusal:
        return _page(request, INVALID, problem=str(refusal), username=user.username)
    if password:  # seen now or never: no redirect, and no cache keeps this page
        return _page(request, newcomer=user, password_shown_once=password)
    text = _("%(name)s is an administrator now.")
    messages.success(request, text % {"name": user.username})
    return redirect("settings")


def _page(request: HttpRequest, status: int = 200, **more: Any) -> HttpResponse:
    administrators = User.objects.filter(is_administrator=True).order_by("username_key", "pk")
    context = {
        "groups": settings_facts.groups(),
        "defaults": settings_facts.defaults(),
        "administrators": administrators[:SHOWN],
        **more,
    }
    return render(request, "console/settings.html", context, status=status)
