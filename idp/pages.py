"""Pages for whoever comes along: home, signing in, the theme."""

from django.conf import settings
from django.contrib.auth.views import LoginView
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from idp.console import resend
from idp.templatetags.ui import THEMES

YEAR = 365 * 24 * 3600


def home(request: HttpRequest) -> HttpResponse:
    """Say what this server is and where its metadata is."""
    return render(request, "home.html", {"issuer": settings.ISSUER})


class SignInView(LoginView):
    """Sign somebody in; what they had typed when their session ended goes along."""

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
