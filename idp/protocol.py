"""
Answer the protocol's endpoints without what only pages for people need.

Sessions, CSRF tokens, messages and sign-in are for browsers. A client of the protocol proves who it
is in each request, and no cookie of an administrator may ever count there (TE-29): what is not
looked at cannot.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.urls import resolve

PREFIXES = ("/oauth2/", "/.well-known/", "/openapi.json", "/healthz", "/readyz")


class ProtocolMiddleware:
    """Stand before the middleware for pages, and leave it out for the endpoints of the protocol."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer an endpoint of the protocol, or hand the request on."""
        if not request.path_info.startswith(PREFIXES):
            return self.get_response(request)
        request.get_host()  # raises DisallowedHost for a name that is not ours
        match = resolve(request.path_info)
        response: HttpResponse = match.func(request, *match.args, **match.kwargs)
        response.headers["Content-Length"] = str(len(response.content))
        return response
