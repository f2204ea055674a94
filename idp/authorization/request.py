"""
What an application asks for (RFC 6749 4.1.1, OpenID Connect Core 3.1.2.1), read strictly.

First who asks, and where the answer goes: until both are proved, no answer goes anywhere but to the
page in front of the person. What is wrong after that is told to the application.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl

from applications import grant_types, redirect_uris
from applications.models import Application
from connections.addresses import is_plain_text
from idp.authorization import pkce
from idp.authorization.scopes import OIDC
from idp.errors import InvalidScope
from idp.exchange.request import parse_scope

PROMPTS = frozenset({"none", "login", "consent", "select_account"})
MAXIMUM_TEXT = 2000
NOT_SUPPORTED = {
    "request": "request_not_supported",
    "request_uri": "request_uri_not_supported",
    "registration": "registration_not_supported",
}


class Unanswerable(Exception):
    """Nobody can be told but the person: who asks, or where to answer, is not proved."""


class Refused(Exception):
    """The application is told why not: an error code, and a sentence for its developers."""

    def __init__(self, error: str, description: str) -> None:
        super().__init__(description)
        self.error = error
        self.description = description


@dataclass(frozen=True, slots=True)
class Client:
    """Who asks, where the answer goes, and what comes back with it."""

    application: Application
    redirect_uri: str
    state: str


@dataclass(frozen=True, slots=True)
class AuthorizationRequest:
    """A well-formed request of a proved client; nothing in it is granted yet."""

    client: Client
    scopes: frozenset[str]
    code_challenge: str
    nonce: str
    prompts: frozenset[str]
    maximum_age: int | None
    login_hint: str


def read(query: str) -> Mapping[str, str]:
    """
    Return the parameters; one without a value counts as absent.

    :raises Unanswerable: where one is there twice, or they cannot be read
    """
    try:
        pairs = parse_qsl(query, keep_blank_values=True, errors="strict", max_num_fields=60)
    except ValueError as problem:
        raise Unanswerable("The address cannot be read.") from problem
    names = [name for name, _value in pairs]
    if len(names) != len(set(names)):
        raise Unanswerable("A parameter is there twice.")
    if any("\x00" in text for pair in pairs for text in pair):
        raise Unanswerable("The address cannot be read.")
    return {name: value for name, value in pairs if value}


def find_client(parameters: Mapping[str, str]) -> Client:
    """
    Return who asks, and where the answer goes.

    :raises Unanswerable: with one sentence for an unknown and a disabled application
    """
    client_id = parameters.get("client_id", "")
    application = Application.objects.filter(client_id=client_id, enabled=True).first()
    if application is None or not application.redirect_uris:
        raise Unanswerable("The application (client_id) is not known here.")
    uri = parameters.get("redirect_uri", "")
    registered, is_native = application.redirect_uris, application.is_native
    if not redirect_uris.matches(uri, registered, is_native=is_native):
        raise Unanswerable("The address to come back to (redirect_uri) is not registered.")
    return Client(application, uri, parameters.get("state", ""))


def parse(parameters: Mapping[str, str], client: Client) -> AuthorizationRequest:
    """
    Return what the client asks for.

    :raises Refused: with the error code of RFC 6749 4.1.2.1
    """
    _check_kind(parameters, client)
    challenge = parameters.get("code_challenge", "")
    if parameters.get("code_challenge_method") != "S256" or not pkce.is_challenge(challenge):
        raise Refused("invalid_request", "PKCE is required: code_challenge, by the method S256.")
    return AuthorizationRequest(
        client,
        _scopes(parameters, client.application),
        challenge,
        _text(parameters, "nonce"),
        _prompts(parameters),
        _maximum_age(parameters),
        _text(parameters, "login_hint"),
    )


def _check_kind(parameters: Mapping[str, str], client: Client) -> None:
    if not client.application.allows_grant_type(grant_types.AUTHORIZATION_CODE):
        raise Refused("unauthorized_client", "This application is not set up to sign people in.")
    for name, error in NOT_SUPPORTED.items():
        if name in parameters:
            raise Refused(error, f"The parameter {name} is not supported.")
    if "claims" in parameters or "resource" in parameters:
        raise Refused("invalid_request", "The parameters claims and resource are not supported.")
    if not parameters.get("response_type"):
        raise Refused("invalid_request", "The parameter response_type is missing.")
    if parameters["response_type"] != "code":
        raise Refused("unsupported_response_type", "The only response_type is code.")
    if parameters.get("response_mode", "query") != "query":
        raise Refused("invalid_request", "The only response_mode is query.")


def _scopes(parameters: Mapping[str, str], application: Application) -> frozenset[str]:
    try:
        scopes = parse_scope(parameters.get("scope", ""))
    except InvalidScope as problem:
        raise Refused("invalid_scope", problem.description) from problem
    if scopes - OIDC - application.scopes:
        raise Refused("invalid_scope", "The scope is more than this application may ask for.")
    return scopes


def _prompts(parameters: Mapping[str, str]) -> frozenset[str]:
    prompts = frozenset(parameters.get("prompt", "").split())
    if prompts - PROMPTS or ("none" in prompts and len(prompts) > 1):
        raise Refused("invalid_request", "The prompt is not one that is supported.")
    return prompts


def _maximum_age(parameters: Mapping[str, str]) -> int | None:
    text = parameters.get("max_age")
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        raise Refused("invalid_request", "The max_age is not a number of seconds.")
    return int(text)


def _text(parameters: Mapping[str, str], name: str) -> str:
    text = parameters.get(name, "")
    if len(text) > MAXIMUM_TEXT or (name == "nonce" and not is_plain_text(text)):
        raise Refused("invalid_request", f"The {name} is too long, or has unusual characters.")
    return text
