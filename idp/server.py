"""
The seam: the only module that knows django-oauth-toolkit's and oauthlib's request handling.

Their endpoint holds the grants by name; each grant is one function of ours, from a Call to the
members of the answer. What they do to a request on the way (keep the last of repeated parameters,
read the query, answer as text/html) does not happen here.
"""

import json
import logging
from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpRequest
from oauth2_provider.oauth2_backends import OAuthLibCore
from oauthlib.oauth2.rfc6749.endpoints.token import TokenEndpoint
from oauthlib.oauth2.rfc6749.grant_types.base import GrantTypeBase

from applications import grant_types
from idp.call import Call
from idp.errors import InvalidRequest, OAuthError, UnsupportedGrantType
from idp.exchange.grant import exchange
from idp.grants.authorization_code import authorization_code
from idp.grants.client_credentials import client_credentials
from idp.grants.refresh_token import refresh_token

logger = logging.getLogger(__name__)

type Answer = tuple[dict[str, str], str, int]
type GrantFunction = Callable[[Call], dict[str, Any]]

HEADERS = {
    "Content-Type": "application/json",
    "Cache-Control": "no-store",
    "Pragma": "no-cache",
}

GRANTS: Mapping[str, GrantFunction] = {
    grant_types.TOKEN_EXCHANGE: exchange,
    grant_types.AUTHORIZATION_CODE: authorization_code,
    grant_types.REFRESH_TOKEN: refresh_token,
    grant_types.CLIENT_CREDENTIALS: client_credentials,
}


class Grant(GrantTypeBase):
    """A toolkit grant around one function of ours."""

    def __init__(self, function: GrantFunction) -> None:
        super().__init__()
        self.function = function

    def create_token_response(self, request: Call, token_handler: Any) -> Answer:
        """Answer a call: 200 and a token, or a refusal (RFC 6749 5)."""
        try:
            answer = self.function(request)
        except OAuthError as refusal:
            return error_answer(refusal)
        return HEADERS, json.dumps(answer), 200


class Server(TokenEndpoint):
    """The token endpoint with exactly our grants."""

    def __init__(self, request_validator: Any, **_toolkit_options: Any) -> None:
        super().__init__(
            default_grant_type="",
            default_token_type=None,
            grant_types={name: Grant(function) for name, function in GRANTS.items()}
            | {"": Grant(unsupported)},
        )

    def create_token_response(
        self, uri: str, http_method: str, body: Call, *_headers_and_extras: Any
    ) -> Answer:
        """Let the grant that a call names answer it; nothing reads the request a second time."""
        grant = self.grant_types.get(body.form.get("grant_type"), self.default_grant_type_handler)
        answer: Answer = grant.create_token_response(body, self.default_token_type)
        return answer


class Backend(OAuthLibCore):
    """Hand our own reading of the request to the toolkit's server."""

    def _extract_params(self, request: HttpRequest) -> tuple[str, str, Call, dict[str, str]]:
        return request.path, "POST", request.oauth_call, {}  # type: ignore[attr-defined]


def unsupported(call: Call) -> dict[str, Any]:
    """
    Refuse a request for a grant that we do not have.

    :raises InvalidRequest: where it names none
    :raises UnsupportedGrantType: where it names another
    """
    if not call.form.get("grant_type"):
        raise InvalidRequest("The parameter grant_type is missing.")
    raise UnsupportedGrantType(
        "The grant_type is not supported. Supported are: " + ", ".join(GRANTS)
    )


def error_answer(refusal: OAuthError) -> Answer:
    """Return a refusal as the wire wants it (RFC 6749 5.2)."""
    logger.info("Refused.", extra={"fields": {"error": refusal.error, "reason": refusal.reason}})
    members = {"error": refusal.error, "error_description": refusal.description}
    if refusal.error_uri:
        members["error_uri"] = refusal.error_uri
    return HEADERS | refusal.headers, json.dumps(members), refusal.status
