"""
Answer the protocol's endpoints without what only pages for people need.

Sessions, CSRF tokens, messages and sign-in are for browsers. A client of the protocol proves who it
is in each request, and no cookie of an administrator may ever count there (TE-29): what is not
looked at cannot.
"""

import logging
from collections.abc import Callable

from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse
from django.urls import resolve

from idp.errors import InvalidRequest

logger = logging.getLogger(__name__)

ANOTHER_HOST = "The Host header does not name this server: call it by the address of its issuer."
PREFIXES = ("/oauth2/", "/.well-known/", "/openapi.json", "/healthz", "/readyz")
# Of those, where people go with their browser.
PAGES = ("/oauth2/authorize", "/oauth2/logout")


class ProtocolMiddleware:
    """Stand before the middleware for pages, and leave it out for the endpoints of the protocol."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer an endpoint of the protocol, or hand the request on."""
        path = request.path_info
        if not path.startswith(PREFIXES) or path in PAGES:
            return self.get_response(request)
        try:
            request.get_host()
        except DisallowedHost as problem:
            logger.warning("Refused a call: %s", problem)
            return _another_host()
        response = _answer(request)
        response.headers["Content-Length"] = str(len(response.content))
        return response


def _answer(request: HttpRequest) -> HttpResponse:
    response: HttpResponse
    if "HTTP_ORIGIN" not in request.META:
        match = resolve(request.path_info)
        response = match.func(request, *match.args, **match.kwargs)
        return response
    # Imported late, as below.
    from idp import cors

    if (response := cors.preflight(request)) is None:
        match = resolve(request.path_info)
        response = match.func(request, *match.args, **match.kwargs)
    cors.allow(request, response)
    return response


def _another_host() -> HttpResponse:
    # Imported late: the toolkit of `make bench` has this middleware, but not our apps.
    from idp.endpoints.base import refusal_response

    return refusal_response(InvalidRequest(ANOTHER_HOST, reason="request.host"))
