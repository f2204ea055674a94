"""Before what cannot be undone: prove again that it is you (AL-03)."""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from idp import throttle
from idp.account.access import signed_in_only
from idp.errors import TooManyRequests
from idp.remote import remote_address

type View = Callable[..., HttpResponse]

PROVED_AT = "proved_at"  # in the session, seconds since the epoch
INVALID = 422


@receiver(user_logged_in, dispatch_uid="reauthentication")
def note_proof(request: HttpRequest, **_more: Any) -> None:
    """Remember when somebody proved who they are, in their session."""
    request.session[PROVED_AT] = int(time.time())


def is_recent(request: HttpRequest) -> bool:
    """Say whether that was no longer ago than settings.REAUTHENTICATION seconds."""
    age = time.time() - request.session.get(PROVED_AT, 0)
    return 0 <= age < settings.REAUTHENTICATION


def recently_authenticated(back: str = "") -> Callable[[View], View]:
    """
    Return what shows a view to whoever proved a moment ago who they are; others do so first.

    They come back to the page by GET, or to the one called `back`, and click again: nothing is
    carried out by the proof alone.
    """

    def decorate(view: View) -> View:
        @signed_in_only
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if is_recent(request):
                return view(request, *args, **kwargs)
            address = reverse(back) if back else request.path
            return HttpResponseRedirect(f"{reverse('confirm')}?{urlencode({'next': address})}")

        return guarded

    return decorate


class PasswordForm(forms.Form):
    """The password once more."""

    password = forms.CharField(
        label=gettext_lazy("Password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "autofocus": True}),
    )


@signed_in_only
def confirm(request: HttpRequest) -> HttpResponse:
    """Ask for the password, and lead back to where it was needed."""
    form = PasswordForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = INVALID
        if form.is_valid() and _is_right(request, form):
            note_proof(request)
            return HttpResponseRedirect(_back(request))
    context = {"form": form, "next": _back(request)}
    return render(request, "account/confirm.html", context, status=status)


def _is_right(request: HttpRequest, form: PasswordForm) -> bool:
    """Look at the password, unless too many were wrong: guessing is slowed down (AT-109)."""
    who, address = f"confirm {request.user.pk}", remote_address(request)
    try:
        throttle.check(who, address)
    except TooManyRequests:
        form.add_error("password", _("Too many wrong passwords. Try again in a minute."))
        return False
    if request.user.check_password(form.cleaned_data["password"]):
        return True
    throttle.note_failure(who, address)
    form.add_error("password", _("This is not your password."))
    return False


def _back(request: HttpRequest) -> str:
    back = request.POST.get("next") or request.GET.get("next", "")
    return back if url_has_allowed_host_and_scheme(back, allowed_hosts=None) else reverse("account")
