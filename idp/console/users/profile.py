"""A person's profile: seen, changed, and entered for somebody new."""

import uuid
from functools import partial
from typing import Any

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import reset
from accounts.models import User
from idp import audit, mail
from idp.console.access import administrators_only
from idp.console.editing import INVALID, Editing, edit
from idp.console.forms import EntryForm
from idp.console.users.finding import find_user
from idp.console.users.forms import FullProfileForm, ProfileForm
from idp.models import AccessToken, TokenFamily
from idp.writing import turn_to_write

MANY = 1000  # what is more is not counted


@administrators_only
def profile(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Show and change what is known about somebody."""
    editing = Editing(
        form_class=FullProfileForm,
        find=partial(find_user, public_id),
        template="console/users/profile.html",
        context=lambda user, form: rights(user),
    )
    return edit(request, editing)


def profile_page(request: HttpRequest, user: User, status: int = 200, **more: Any) -> HttpResponse:
    """Show the profile with what else there is to say."""
    form = FullProfileForm(instance=user)
    context = {"object": user, "form": form, **rights(user), **more}
    return render(request, "console/users/profile.html", context, status=status)


def rights(user: User) -> dict[str, Any]:
    """Return what the page says about an account, and what would stop without it."""
    now = timezone.now()
    alive = {"user": user, "expires_at__gt": now, "revoked_at": None}
    tokens = AccessToken.objects.filter(**alive)
    families = TokenFamily.objects.filter(**alive)
    return {
        "token_count": tokens[:MANY].count(),
        "family_count": families[:MANY].count(),
        "link_count": user.links.all()[:MANY].count(),
        "many": MANY,
        "reset_obstacle": reset.obstacle(user) or mail.obstacle(),
    }


@administrators_only
def new(request: HttpRequest) -> HttpResponse:
    """Enter somebody new."""
    if request.method != "POST":
        return _new_page(request, ProfileForm())
    form = ProfileForm(request.POST)
    try:
        with turn_to_write(), transaction.atomic():
            user = _create(request, form)
    except IntegrityError:  # somebody else was quicker with the same name: now it can be read
        user, form = None, ProfileForm(request.POST)
        if form.is_valid():
            form.add_error(None, _("Somebody else saved at the same moment. Send it again."))
    if user is None:
        return _new_page(request, form, INVALID)
    messages.success(request, _("The account was created."))
    return redirect("user", user.public_id)


def _create(request: HttpRequest, form: EntryForm) -> User | None:
    if not form.is_valid():
        return None
    user = form.save()
    actor = audit.Actor.of(request)
    audit.record_changes(user, before={}, after=audit.describe(user), actor=actor)
    return user


def _new_page(request: HttpRequest, form: EntryForm, status: int = 200) -> HttpResponse:
    return render(request, "console/users/new.html", {"form": form}, status=status)
