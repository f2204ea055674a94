"""
The way back to the application (RFC 6749 4.1.2), with `iss` in every answer (RFC 9207).

Chromium holds `form-action` against every hop of a redirect that a form started: a 302 after our
own sign-in or consent form would be stopped. Whoever comes from a page of ours gets a page that
goes on by itself instead; whoever comes from the application, a redirect.
"""

from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from idp.authorization.request import Client, Refused


def succeed(request: HttpRequest, client: Client, code: str) -> HttpResponse:
    """Send a code back."""
    return _answer(request, client, {"code": code})


def refuse(request: HttpRequest, client: Client, refusal: Refused) -> HttpResponse:
    """Send a refusal back (RFC 6749 4.1.2.1)."""
    members = {"error": refusal.error, "error_description": refusal.description}
    return _answer(request, client, members)


def go_on(request: HttpRequest, target: str) -> HttpResponse:
    """Leave for an address that was proved to be registered."""
    if request.headers.get("Sec-Fetch-Site") == "same-origin":
        context = {"target": target, "host": urlsplit(target).hostname or target.partition(":")[0]}
        response = render(request, "authorization/go_on.html", context)
    else:
        response = HttpResponse(status=302, headers={"Location": target})
    # The address has the code in it: it is in nobody's cache, and in no Referer.
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "no-referrer"
    return response


def _answer(request: HttpRequest, client: Client, members: dict[str, str]) -> HttpResponse:
    if client.state:
        members["state"] = client.state
    members["iss"] = settings.ISSUER
    glue = "&" if urlsplit(client.redirect_uri).query else "?"
    return go_on(request, f"{client.redirect_uri}{glue}{urlencode(members)}")
