"""What strangers send, as Hypothesis makes it up, and what every answer to it has to be."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode

from django.db import transaction
from django.http import HttpResponse
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from connections.jws import END_OF_TIME
from connections.strict_json import MAXIMUM_DEPTH
from tests import keys

OAUTH_ENDPOINTS = ["/oauth2/token", "/oauth2/introspect", "/oauth2/revoke"]
SENTENCE = re.compile(r"[\x20-\x21\x23-\x5b\x5d-\x7e]+")  # RFC 6749 5.2

AWKWARD = [
    *("", " ", "\0", "a\0b", "bob\0", "bob@ours.example\0", "+4930123456\0", "\ud800", "\r\nX: y"),
    *("bob", "BOB@ours.example", "+4930123456", "+49 30 12 34 56;ext=7", "+" + "9" * 300, "tel:+1"),
    *("\u202e", "\ufeff", "\N{ARABIC LIGATURE SALLALLAHOU ALAYHE WASALLAM}" * 900, "x" * 9000),
]
TEXT = st.text(max_size=40) | st.sampled_from(AWKWARD)
NUMBERS = (
    st.integers()
    | st.floats()
    | st.sampled_from([0, -1, 2**53, 2**63, 10**31, 10**40, END_OF_TIME, 1e308])
    | st.floats(END_OF_TIME - 1000, END_OF_TIME + 1000)
    | st.integers(END_OF_TIME - 1000, END_OF_TIME + 1000)
)
JSON = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXT,
    lambda values: st.lists(values, max_size=3) | st.dictionaries(TEXT, values, max_size=3),
    max_leaves=8,
) | st.integers(MAXIMUM_DEPTH - 2, MAXIMUM_DEPTH + 2).map(lambda depth: nested(depth))

HEADER_NAMES = ["alg", "kid", "typ", "crit", "b64", "jwk", "jku", "x5t#S256", "zip"]
CLAIM_NAMES = [
    *("iss", "sub", "aud", "exp", "nbf", "iat", "jti", "acr", "amr", "auth_time", "cnf", "act"),
    *("email", "email_verified", "phone_number", "phone_number_verified", "preferred_username"),
    *("username", "name", "locale", "picture", "nonce"),
]
HEADERS = st.dictionaries(st.sampled_from(HEADER_NAMES), JSON, max_size=1)
CLAIMS = st.dictionaries(st.sampled_from(CLAIM_NAMES), JSON, max_size=4)
TOKENS = st.one_of(
    TEXT,
    st.builds(keys.compact, st.dictionaries(st.sampled_from(HEADER_NAMES), JSON), CLAIMS),
    st.binary(max_size=60).map(lambda octets: keys.compact({"alg": "ES256"}, octets)),
    CLAIMS.map(lambda claims: signed(keys.claims() | claims)),
)
LINE = st.text(st.characters(min_codepoint=1, max_codepoint=255), max_size=60)


def thorough(examples: int) -> settings:
    """Return how a property is tried: always the same examples, so that CI tells no news twice."""
    return settings(
        max_examples=examples,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )


def nested(depth: int) -> list[Any]:
    """Return a list in a list in a list, so many levels deep."""
    return [nested(depth - 1)] if depth > 1 else []


def signed(claims: dict[str, Any], *, by: str = "acme", header: Any = None) -> str:
    """Sign exactly these claims, whatever they are."""
    payload = json.dumps(claims).encode()
    return keys.sign(alg="ES256", signed_by=by, header=header, payload=payload)


def encode(pairs: list[tuple[str, str]]) -> bytes:
    """Write a form; half characters are written as octets that are not UTF-8."""
    return urlencode(pairs, errors="surrogatepass").encode()


@contextmanager
def undone() -> Iterator[None]:
    """Take back what one example wrote, also where it broke the transaction."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def check_answer(response: HttpResponse) -> HttpResponse:
    """Assert what is true of every answer; those of the OAuth endpoints are JSON besides."""
    assert response.status_code < 500, response.content
    assert b"Traceback" not in response.content
    if response.request["PATH_INFO"] in OAUTH_ENDPOINTS and response.status_code != 404:
        check_oauth_answer(response)
    return response


def check_oauth_answer(response: HttpResponse) -> None:
    """Assert that it is a token or the like, or a refusal, in JSON that nobody keeps."""
    assert response.status_code in (200, 400, 401, 405, 429)
    assert response["Content-Type"] == "application/json"
    assert response["Cache-Control"] == "no-store"
    assert response["Pragma"] == "no-cache"
    if response.status_code != 200 and response.request["REQUEST_METHOD"] != "HEAD":
        refusal = response.json()
        assert {"error", "error_description"} <= refusal.keys()
        assert all(SENTENCE.fullmatch(text) for text in refusal.values())
