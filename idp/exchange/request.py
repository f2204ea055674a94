"""What the client asks for (RFC 8693 2.1)."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from idp.errors import InvalidRequest, InvalidScope, InvalidTarget
from idp.exchange import token_types
from idp.form import Form


@dataclass(frozen=True, slots=True)
class ExchangeRequest:
    """A well-formed request; nothing in it is proved yet."""

    subject_token: str
    subject_token_type: str
    requested_token_type: str
    targets: tuple[str, ...]
    scopes: frozenset[str]


def parse(form: Form) -> ExchangeRequest:
    """
    Read an exchange request from a form.

    :raises InvalidRequest: for missing parameters and unsupported types
    :raises InvalidTarget: for a resource that is not an absolute URI without fragment
    :raises InvalidScope: for a scope outside the grammar of RFC 6749 3.3
    """
    _check_actor_token(form)
    return ExchangeRequest(
        subject_token=_required(form, "subject_token"),
        subject_token_type=_subject_token_type(form),
        requested_token_type=_requested_token_type(form),
        targets=(*form.all("audience"), *map(_absolute_uri, form.all("resource"))),
        scopes=parse_scope(form.get("scope")),
    )


def parse_scope(scope: str) -> frozenset[str]:
    """
    Split a scope into its words (RFC 6749 3.3).

    :raises InvalidScope: for other characters than the grammar has, and for a space too many
    """
    words = scope.split(" ") if scope else []
    if "" in words or any(char < " " or char > "~" or char in '"\\' for char in scope):
        raise InvalidScope(
            "The scope is not a list of words of printable ASCII separated by single spaces.",
            reason="scope.malformed",
        )
    return frozenset(words)


def _required(form: Form, name: str) -> str:
    value = form.get(name)
    if not value:
        raise InvalidRequest(
            f"The parameter {name} is missing.", reason="request.missing-parameter", wanted=name
        )
    return value


def _check_actor_token(form: Form) -> None:
    """Refuse delegation until it is built: dropping an actor would launder it (RFC 8693 4)."""
    token, token_type = form.get("actor_token"), form.get("actor_token_type")
    if bool(token) != bool(token_type):
        raise InvalidRequest(
            "actor_token and actor_token_type go together: send both or neither.",
            reason="request.actor-token-pair",
        )
    if token:
        raise InvalidRequest(
            "actor_token is not supported: this server does not issue delegation tokens.",
            reason="request.actor-token",
        )


def _subject_token_type(form: Form) -> str:
    value = _required(form, "subject_token_type")
    if value not in token_types.SUBJECT_TOKEN_TYPES:
        raise InvalidRequest(
            "The subject_token_type is not supported. Supported are: "
            + ", ".join(token_types.SUBJECT_TOKEN_TYPES),
            reason="token-type.subject-unsupported",
            found=value,
        )
    return value


def _requested_token_type(form: Form) -> str:
    value = form.get("requested_token_type") or token_types.ACCESS_TOKEN
    if value not in token_types.REQUESTED_TOKEN_TYPES:
        raise InvalidRequest(
            "The requested_token_type is not supported. Supported are: "
            + ", ".join(token_types.REQUESTED_TOKEN_TYPES),
            reason="token-type.requested-unsupported",
            found=value,
        )
    return value


def _absolute_uri(resource: str) -> str:
    """Return the resource, an absolute URI without fragment or userinfo (RFC 8707 2)."""
    try:
        parts = urlsplit(resource)
    except ValueError:
        parts = urlsplit("")
    if not parts.scheme or not parts.netloc or "#" in resource or "@" in parts.netloc:
        raise InvalidTarget(
            "The resource is not an absolute URI without fragment.", reason="target.malformed"
        )
    return resource
