"""Pages for whoever comes along: home, the theme."""

from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from idp.templatetags.ui import THEMES

CONSOLE = "/console/"
YEAR = 365 * 24 * 3600


def home(request: HttpRequest) -> HttpResponse:
    """Say what this server is and where its metadata is."""
    return render(request, "home.html", {"issuer": settings.ISSUER})


@never_cache
def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say that nothing is there; to administrators, inside of the console."""
    user = getattr(request, "user", None)  # none where a middleware before found nothing
    is_inside = request.path.startswith(CONSOLE) and getattr(user, "is_administrator", False)
    template = "console/404.html" if is_inside and user.is_usable else "404.html"
    return render(request, template, status=HTTPStatus.NOT_FOUND)


def password_is_set(request: HttpRequest) -> HttpResponse:
    """Say that the new password is good from now on."""
    return render(request, "signin/password_reset_done.html")


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
