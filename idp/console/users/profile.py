"""A person's profile: seen, changed, and entered for somebody new."""

import uuid
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import reset
from accounts.models import User
from idp import mail
from idp.console.access import administrators_only
from idp.console.adding import Adding, add
from idp.console.editing import Editing, edit
from idp.console.users.finding import find_user
from idp.console.users.forms import FullProfileForm, ProfileForm
from idp.models import AccessToken, TokenFamily
from idp.signin import invitation

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
        "invitation_obstacle": invitation.obstacle(user),
        "reset_obstacle": reset.obstacle(user) or mail.obstacle(),
    }


@administrators_only
def new(request: HttpRequest) -> HttpResponse:
    """Enter somebody new."""
    return add(
        request,
        Adding(
            form_class=ProfileForm,
            template="console/users/new.html",
            done=_("The account was created."),
            leads_to=lambda user: reverse("user", args=[user.public_id]),
        ),
    )
