"""Who may see the console: administrators, signed in, active at this very moment."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from idp.console import resend
from idp.console.changing import NoLongerAdministrator
from idp.signin.adapters import has_second_factor

type View = Callable[..., HttpResponse]


def administrators_only(view: View) -> View:
    """Show a view to administrators; send strangers to sign in, and tell everybody else why not."""

    @never_cache
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        user = request.user
        if not user.is_authenticated:
            return _sign_in(request)
        if not (user.is_administrator and user.is_usable):
            return _refused(request)
        if settings.ADMIN_SECOND_FACTOR and not has_second_factor(user):
            return _without_second_factor(request)
        try:
            response = resend.kept_page(request) or view(request, *args, **kwargs)
        except NoLongerAdministrator:
            return _refused(request)
        patch_vary_headers(response, ["HX-Request"])
        return response

    guarded.is_for_administrators = True  # type: ignore[attr-defined]  # a test looks for it
    return guarded


def _without_second_factor(request: HttpRequest) -> HttpResponse:
    """Lead to where a second factor is added; nothing of the console is shown before."""
    messages.warning(request, _("Add an authenticator app or a passkey: the console needs one."))
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    return redirect("security")


def _refused(request: HttpRequest) -> HttpResponse:
    return render(request, "console/administrators_only.html", status=403)


def _sign_in(request: HttpRequest) -> HttpResponse:
    """Lead to the sign-in page, and back to the page at hand; what was typed is kept."""
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    if request.method == "POST":
        return resend.signed_out_page(request)
    return redirect_to_login(request.get_full_path())
