"""Who has which role: given and taken away, from the role's page or from the person's."""

import uuid
from dataclasses import dataclass

from django.contrib import messages
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _

from accounts.finding import find_by_username
from accounts.models import Role, User
from connections.strict import suggestion
from idp import audit
from idp.console.access import administrators_only
from idp.console.changing import changing
from idp.console.editing import INVALID
from idp.console.paging import page
from idp.console.roles.find import finder
from idp.console.users.finding import find_user

MOST_OFFERED = 200  # names of roles to choose from; others can be typed


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed to name somebody or something, and what is wrong with it."""

    text: str = ""
    problem: str = ""


@administrators_only
def of_role(request: HttpRequest, pk: int) -> HttpResponse:
    """Show who has a role; give it to somebody by their username, or take it away."""
    role = finder(pk)()
    if request.method != "POST":
        return _page_of_role(request, role, Typed())
    if (taken := _uuid(request.POST.get("remove", ""))) is not None:
        return _change(request, find_user(taken), role, has=False)
    typed = request.POST.get("username", "")[:254].replace("\0", "").strip()
    user = find_by_username(typed) if typed else None
    if user is None:
        problem = _("Nobody has this username.") if typed else _("Enter a username.")
        return _page_of_role(request, role, Typed(typed, problem))
    return _change(request, user, role, has=True)


@administrators_only
def of_user(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Show somebody's roles; give them one by its name, or take one away."""
    user = find_user(public_id)
    if request.method != "POST":
        return _page_of_user(request, user, Typed())
    if (taken := request.POST.get("remove", "")).isdecimal():
        return _change(request, user, finder(int(taken[:18]))(), has=False)
    typed = request.POST.get("role", "")[:200].replace("\0", "").strip()
    role = Role.objects.filter(name=typed).first()
    if role is None:
        near = suggestion(typed, Role.objects.values_list("name", flat=True))
        problem = _("There is no such role.") + near if typed else _("Enter the name of a role.")
        return _page_of_user(request, user, Typed(typed, problem))
    return _change(request, user, role, has=True)


def _change(request: HttpRequest, user: User, role: Role, *, has: bool) -> HttpResponse:
    """Let somebody have a role, or not: part of what the person is like, in the audit log too."""
    names = {"user": user.username, "role": role.name}
    try:
        with changing(request):
            found = find_user(user.public_id, lock=True)
            before = audit.describe(found)
            found.roles.add(role) if has else found.roles.remove(role)
            after, actor = audit.describe(found), audit.Actor.of(request)
            events = audit.record_changes(found, before=before, after=after, actor=actor)
    except IntegrityError:  # the role was deleted at the same moment
        messages.warning(request, _("Nothing was changed: “%(role)s” is gone.") % names)
        return HttpResponseRedirect(request.get_full_path())
    if not events:
        said = _("%(user)s has the role already.") if has else _("%(user)s does not have the role.")
    else:
        said = (
            _("%(user)s has the role “%(role)s” now.")
            if has
            else _("%(user)s does not have the role “%(role)s” any more.")
        )
    messages.success(request, said % names)
    return HttpResponseRedirect(request.get_full_path())


def _page_of_role(request: HttpRequest, role: Role, typed: Typed) -> HttpResponse:
    members = User.objects.filter(roles=role)
    context = {"object": role, "page": page(request, members, "username_key"), "typed": typed}
    status = INVALID if typed.problem else 200
    return render(request, "console/roles/members.html", context, status=status)


def _page_of_user(request: HttpRequest, user: User, typed: Typed) -> HttpResponse:
    others = Role.objects.exclude(members=user).values_list("name", flat=True)
    context = {
        "object": user,
        "page": page(request, Role.objects.filter(members=user), "name"),
        "others": others[:MOST_OFFERED],
        "has_roles": Role.objects.exists(),
        "typed": typed,
    }
    status = INVALID if typed.problem else 200
    return render(request, "console/users/roles.html", context, status=status)


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
