"""Pages for whoever comes along: home, signing in, the theme."""

from typing import Any

from django.conf import settings
from django.contrib.auth.views import LoginView
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from accounts.names import search_key
from idp import throttle
from idp.console import resend
from idp.errors import TooManyRequests
from idp.remote import remote_address
from idp.templatetags.ui import THEMES

YEAR = 365 * 24 * 3600


def home(request: HttpRequest) -> HttpResponse:
    """Say what this server is and where its metadata is."""
    return render(request, "home.html", {"issuer": settings.ISSUER})


class SignInView(LoginView):
    """Sign somebody in; what they had typed when their session ended goes along."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Look at the password, unless too many were wrong: guessing is slowed down (AT-109)."""
        try:
            throttle.check(self._who(), remote_address(request))
        except TooManyRequests as refusal:
            context = {
                "retry_after": refusal.retry_after,
                "next": request.POST.get("next", ""),
                "kept": request.POST.get("kept", ""),
            }
            response = render(request, "registration/too_many.html", context, status=429)
            response["Retry-After"] = str(refusal.retry_after)
            return response
        return super().post(request, *args, **kwargs)

    def form_invalid(self, form: Form) -> HttpResponse:
        """Count a wrong password, or a name that nobody has: the same for both."""
        throttle.note_failure(self._who(), remote_address(self.request))
        return super().form_invalid(form)

    def _who(self) -> str:
        """Return under what the failures of this name are counted, however it is spelled."""
        return f"sign-in {search_key(self.request.POST.get('username', '')[:150])}"

    def form_valid(self, form: Form) -> HttpResponse:
        """Sign in, and remember what waits to be sent again."""
        response = super().form_valid(form)
        resend.remember(self.request)
        return response


def password_is_set(request: HttpRequest) -> HttpResponse:
    """Say that the new password is good from now on."""
    return render(request, "registration/password_reset_done.html")


@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Keep the theme that was chosen, and go back to the page it was chosen on."""
    back = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        back = "/"
    response = HttpResponseRedirect(back)
    chosen = request.POST.get("theme", "")
    if chosen in THEMES:
        response.set_cookie(
            "agio_theme", chosen, YEAR, secure=settings.IS_HTTPS, httponly=True, samesite="Lax"
        )
    else:
        response.delete_cookie("agio_theme", samesite="Lax")
    return response
