"""Whether an answer is the one that its request must get."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from time import time
from typing import Any
from uuid import UUID

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from tests import keys

ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, with the keys of the server it came from."""

    status: int
    body: str
    server_keys: KeySet

    @property
    def members(self) -> dict[str, Any]:
        """Return the JSON of the body."""
        return dict(json.loads(self.body))


type Check = Callable[[Answer], bool]


def is_empty_view(answer: Answer) -> bool:
    """Say whether the empty view answered."""
    return (answer.status, answer.body) == (200, "ok\n")


def is_bearer(answer: Answer) -> bool:
    """Say whether it is some token; the toolkit's are random text."""
    members = answer.members
    return answer.status == 200 and members["token_type"] == "Bearer" and bool(_token(members))


def is_jwt_for(client_id: str, alg: str) -> Check:
    """Return the check for a token of the application itself."""

    def check(answer: Answer) -> bool:
        return is_bearer(answer) and _claims(answer, alg)["sub"] == client_id

    return check


def is_exchanged(subject: str, alg: str, *, linked: bool) -> Check:
    """Return the check for an exchanged token: signed by the server, about the right one, alive."""

    def check(answer: Answer) -> bool:
        if not is_bearer(answer) or answer.members["issued_token_type"] != ACCESS_TOKEN:
            return False
        claims = _claims(answer, alg)
        same_one = UUID(claims["sub"]).version == 4 if linked else claims["sub"] == subject
        return same_one and ("sub_id" in claims) != linked and claims["exp"] > time()

    return check


def is_refusal(status: int, error: str, because: str) -> Check:
    """Return the check for a refusal whose description says why."""

    def check(answer: Answer) -> bool:
        members = answer.members
        refused = (answer.status, members["error"]) == (status, error)
        return refused and because in members["error_description"]

    return check


def is_right(answer: Answer, check: Check) -> bool:
    """Say whether the check is passed; an answer it cannot read does not."""
    try:
        return check(answer)
    except (ValueError, KeyError, TypeError, JoseError):
        return False


def _token(members: dict[str, Any]) -> str:
    return str(members["access_token"])


def _claims(answer: Answer, alg: str) -> dict[str, Any]:
    """Verify the token with a library that did not sign it."""
    token = jwt.decode(_token(answer.members), answer.server_keys, algorithms=[alg])
    if token.header["alg"] != alg or token.claims["iss"] != keys.AUDIENCE:
        raise ValueError("another algorithm or issuer")
    return token.claims
