"""What the endpoints that take a form have in common: how a call arrives, how a refusal leaves."""

import json
import logging
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views import View

from idp import form
from idp.call import Call
from idp.errors import InvalidRequest, OAuthError
from idp.remote import remote_address
from idp.server import HEADERS, error_answer
from idp.unsupported import HEADERS as TO_REFUSE

logger = logging.getLogger(__name__)

# What WSGI calls them.
HEADERS_TO_REFUSE = {f"HTTP_{name.upper().replace('-', '_')}": name for name in TO_REFUSE}


class FormEndpoint(View):
    """An endpoint that takes a POSTed form from a client and answers JSON, whatever happens."""

    http_method_names = ["post"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Read the call, answer it, and turn refusals and accidents into JSON."""
        try:
            if request.method != "POST":
                return self.http_method_not_allowed(request)
            return self.answer(read_call(request))
        except OAuthError as refusal:
            return refusal_response(refusal)
        except Exception:
            logger.exception("The %s endpoint failed.", type(self).__name__)
            members = {"error": "server_error", "error_description": "Something failed here."}
            return json_response(members, status=500)

    def http_method_not_allowed(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Say that it is POST only, as JSON (TE-01)."""
        members = {"error": "invalid_request", "error_description": "Send a POST request."}
        return json_response(members, status=405, headers={"Allow": "POST"})

    def answer(self, call: Call) -> HttpResponse:
        """Answer one call."""
        raise NotImplementedError


def read_call(request: HttpRequest) -> Call:
    """
    Read what arrived, size first.

    What came over plain http is refused and not redirected: by then it has crossed the network.

    :raises InvalidRequest: where it is not a form that we read
    """
    if settings.BEHIND_PROXY and settings.IS_HTTPS and not request.is_secure():
        raise InvalidRequest("Send requests over https.", reason="request.not-https")
    _check_size(request.META.get("CONTENT_LENGTH") or "0")
    parameters = form.parse(
        body=request.body,
        content_type=request.META.get("CONTENT_TYPE", ""),
        query=request.META.get("QUERY_STRING", ""),
    )
    return Call(
        parameters,
        request.META.get("HTTP_AUTHORIZATION", ""),
        remote_address(request),
        tuple(name for key, name in HEADERS_TO_REFUSE.items() if key in request.META),
    )


def _check_size(length: str) -> None:
    try:
        fits = 0 <= int(length) <= form.MAXIMUM_BODY
    except ValueError:  # no number, or one of thousands of digits
        fits = False
    if not fits:
        raise InvalidRequest(
            f"The body is larger than {form.MAXIMUM_BODY} bytes.", reason="request.too-large"
        )


def refusal_response(refusal: OAuthError) -> HttpResponse:
    """Return a refusal as a response."""
    headers, body, status = error_answer(refusal)
    return HttpResponse(body, status=status, headers=headers)


def json_response(
    members: dict[str, Any], *, status: int = 200, headers: dict[str, str] | None = None
) -> HttpResponse:
    """Return JSON that no cache may keep (RFC 6749 5.1)."""
    return HttpResponse(json.dumps(members), status=status, headers=HEADERS | (headers or {}))
