"""Who is calling: the client's proof in a request (RFC 6749 2.3), read and checked."""

import base64
import binascii
from urllib.parse import unquote_plus

from applications.authentication import Credentials, authenticate
from applications.models import Application
from idp.call import Call
from idp.errors import InvalidClient, InvalidRequest, UnauthorizedClient

Method = Application.Authentication

NOT_AUTHENTICATED = "Client authentication failed: check the client ID, the secret and the method."


def authenticate_client(call: Call) -> Application:
    """
    Return the application that proved to be calling.

    :raises InvalidRequest: for two methods at once (RFC 6749 2.3)
    :raises InvalidClient: with one answer for an unknown client and a wrong proof
    """
    candidates = _credentials(call)
    application = authenticate(candidates)
    if application is None:
        raise InvalidClient(
            NOT_AUTHENTICATED,
            reason="client.not-authenticated",
            found=", ".join(dict.fromkeys(c.client_id for c in candidates)),
        )
    return application


def check_grant_type(application: Application, grant_type: str) -> None:
    """Refuse a grant that the application is not set up for (RFC 6749 5.2)."""
    if not application.allows_grant_type(grant_type):
        raise UnauthorizedClient(
            f"This application is not set up for the grant type {grant_type}.",
            reason="grant.not-allowed",
            found=grant_type,
            wanted=", ".join(sorted(application.grant_types)),
        )


def _credentials(call: Call) -> list[Credentials]:
    form = call.form
    if call.authorization:
        if form.get("client_secret"):
            raise InvalidRequest(
                "Use one method of client authentication: "
                "the Authorization header or client_secret, not both.",
                reason="client.two-methods",
            )
        return _matching(form.get("client_id"), _basic(call.authorization))
    method = Method.POST if form.get("client_secret") else Method.PUBLIC
    return [Credentials(method, form.get("client_id"), form.get("client_secret"))]


def _basic(header: str) -> list[Credentials]:
    """
    Read a Basic header both ways: form-encoded as RFC 6749 2.3.1 demands, and as many clients
    send it, raw. Where both readings are the same there is one.
    """
    scheme, _, encoded = header.partition(" ")
    try:
        text = base64.b64decode(encoded.strip(), validate=True).decode()
    except (binascii.Error, ValueError):
        text = ""
    client_id, colon, secret = text.partition(":")
    if scheme.lower() != "basic" or not colon:
        raise InvalidClient(NOT_AUTHENTICATED, reason="client.malformed-header")
    readings = [(client_id, secret), (_decoded(client_id), _decoded(secret))]
    return [Credentials(Method.BASIC, *reading) for reading in dict.fromkeys(readings)]


def _decoded(text: str) -> str:
    return unquote_plus(text, errors="replace")


def _matching(client_id: str, candidates: list[Credentials]) -> list[Credentials]:
    """Refuse a client_id in the body that names another client than the header (RFC 7521 4.2)."""
    if client_id and client_id not in {candidate.client_id for candidate in candidates}:
        raise InvalidRequest(
            "The client_id in the body is not the one in the Authorization header.",
            reason="client.mismatch",
        )
    return candidates


def authenticate_confidential_client(call: Call) -> Application:
    """
    Return the application that proved to be calling with a secret; a public one has proved nothing.

    :raises InvalidClient: also for a public client (RFC 7662 2.1)
    """
    application = authenticate_client(call)
    if application.is_public:
        raise InvalidClient(NOT_AUTHENTICATED, reason="client.public")
    return application
