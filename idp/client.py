"""Who is calling: the client's proof in a request (RFC 6749 2.3), read and checked."""

import base64
import binascii
from urllib.parse import unquote_plus

from applications import assertions
from applications.authentication import Credentials, authenticate
from applications.models import Application
from connections.refusal import KeysUnavailable, TokenRefused
from idp import throttle
from idp.call import Call
from idp.errors import InvalidClient, InvalidRequest, TemporarilyUnavailable, UnauthorizedClient
from idp.form import Form

Method = Application.Authentication

NOT_AUTHENTICATED = "Client authentication failed: check the client ID, the secret and the method."


def authenticate_client(call: Call) -> Application:
    """
    Return the application that proved to be calling.

    :raises InvalidRequest: for two methods at once (RFC 6749 2.3)
    :raises InvalidClient: with one answer for an unknown client and a wrong proof
    :raises TooManyRequests: where that has happened too often
    """
    _check_one_method(call)
    claimed = claimed_client_id(call)
    throttle.check(claimed, call.remote_address)
    try:
        return _authenticate(call)
    except InvalidClient:
        throttle.note_failure(claimed, call.remote_address)
        raise


def claimed_client_id(call: Call) -> str:
    """
    Return the client ID that a call is made under; nobody has proved it yet.

    Each character can be written in several ways, and all of them are guesses at one client.
    """
    if call.authorization:
        return _decoded(_read_basic(call.authorization)[0])
    return call.form.get("client_id")


def _authenticate(call: Call) -> Application:
    if call.form.get("client_assertion") or call.form.get("client_assertion_type"):
        return _by_assertion(call.form)
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


def _check_one_method(call: Call) -> None:
    """Refuse two proofs at once: which of them counted would be anybody's guess (CA-05)."""
    form = call.form
    offered = [call.authorization, form.get("client_secret"), form.get("client_assertion")]
    if sum(map(bool, offered)) > 1:
        raise InvalidRequest(
            "Use one method of client authentication: the Authorization header, client_secret "
            "or client_assertion.",
            reason="client.two-methods",
        )
    if form.get("client_assertion") and form.get("client_assertion") == form.get("subject_token"):
        raise InvalidRequest(
            "The client_assertion and the subject_token are one and the same token.",
            reason="client.assertion-is-subject",
        )


def _by_assertion(form: Form) -> Application:
    """Return the application that signed the client_assertion (RFC 7521 4.2)."""
    if form.get("client_assertion_type") != assertions.ASSERTION_TYPE:
        raise InvalidClient(NOT_AUTHENTICATED, reason="client.assertion-type")
    try:
        application = assertions.authenticate(form.get("client_assertion"))
    except TokenRefused as refusal:
        raise InvalidClient(
            NOT_AUTHENTICATED,
            reason=f"client.{refusal.reason.rpartition('.')[2]}",
            found=refusal.found,
            wanted=refusal.wanted,
        ) from refusal
    except KeysUnavailable as problem:
        raise TemporarilyUnavailable(
            "The keys of this application cannot be read at the moment.",
            retry_after=problem.retry_after,
            reason="client.keys-unavailable",
            found=problem.detail,
        ) from problem
    _check_same_client(form.get("client_id"), [application.client_id])
    return application


def _credentials(call: Call) -> list[Credentials]:
    form = call.form
    if call.authorization:
        candidates = _basic(call.authorization)
        _check_same_client(form.get("client_id"), [c.client_id for c in candidates])
        return candidates
    method = Method.POST if form.get("client_secret") else Method.PUBLIC
    return [Credentials(method, form.get("client_id"), form.get("client_secret"))]


def _basic(header: str) -> list[Credentials]:
    """
    Read a Basic header both ways: form-encoded as RFC 6749 2.3.1 demands, and as many clients
    send it, raw. Where both readings are the same there is one.
    """
    client_id, colon, secret = _read_basic(header)
    if not colon:
        raise InvalidClient(NOT_AUTHENTICATED, reason="client.malformed-header")
    readings = [(client_id, secret), (_decoded(client_id), _decoded(secret))]
    return [Credentials(Method.BASIC, *reading) for reading in dict.fromkeys(readings)]


def _read_basic(header: str) -> tuple[str, str, str]:
    """Split a Basic header at its first colon (RFC 7617 2); anything else gives empty texts."""
    scheme, _, encoded = header.partition(" ")
    if scheme.lower() != "basic":
        return "", "", ""
    try:
        return base64.b64decode(encoded.strip(), validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        return "", "", ""


def _decoded(text: str) -> str:
    return unquote_plus(text, errors="replace")


def _check_same_client(client_id: str, proved: list[str]) -> None:
    """Refuse a client_id in the body that names another client than the proof (RFC 7521 4.2)."""
    if client_id and client_id not in proved:
        raise InvalidRequest(
            "The client_id in the body is not the client that authenticates.",
            reason="client.mismatch",
        )


def authenticate_confidential_client(call: Call) -> Application:
    """
    Return the application that proved to be calling with a secret; a public one has proved nothing.

    :raises InvalidClient: also for a public client (RFC 7662 2.1)
    """
    application = authenticate_client(call)
    if application.is_public:
        raise InvalidClient(NOT_AUTHENTICATED, reason="client.public")
    return application
