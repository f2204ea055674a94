"""
Answers that a single-page application's script may read (Fetch, CORS protocol).

Only from the origins of its registered addresses, only at the endpoints it needs, and without
cookies: nothing there looks at them. Others' scripts read nothing but what is public anyway.
"""

from django.http import HttpRequest, HttpResponse

from applications import grant_types
from applications.models import Application
from applications.redirect_uris import origin

PATHS = ("/oauth2/token", "/oauth2/userinfo", "/oauth2/revoke")
PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, POST",
    "Access-Control-Allow-Headers": "Authorization, Content-Type",
    "Access-Control-Max-Age": "600",
}


def preflight(request: HttpRequest) -> HttpResponse | None:
    """Return the answer to a question of a browser; None where it asks nothing."""
    asks = "Access-Control-Request-Method" in request.headers
    if request.method != "OPTIONS" or not asks or request.path_info not in PATHS:
        return None
    response = HttpResponse(status=204)
    if _is_trusted(request):
        for name, value in PREFLIGHT.items():
            response[name] = value
    return response


def allow(request: HttpRequest, response: HttpResponse) -> None:
    """Let the script of a registered application read an answer."""
    if "Origin" not in request.headers or request.path_info not in PATHS:
        return
    response["Vary"] = "Origin"
    if _is_trusted(request):
        response["Access-Control-Allow-Origin"] = request.headers["Origin"]


def _is_trusted(request: HttpRequest) -> bool:
    wanted = request.headers.get("Origin", "")
    applications = Application.objects.filter(
        type=Application.Type.SINGLE_PAGE,
        enabled=True,
        grant_types__contains=grant_types.AUTHORIZATION_CODE,
    )
    registered = applications.values_list("redirect_uris", flat=True)
    return any(origin(uri) == wanted for uris in registered for uri in uris)
