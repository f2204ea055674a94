"""No input gives anything but JSON, and nothing is our fault (TE-22, TE-23, TE-25, TE-32)."""

import re
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from applications import assertions, grant_types
from idp.exchange import token_types
from tests import keys
from tests.fixtures import FORM, JWT, SECRET, TARGET, basic

ENDPOINTS = ["/oauth2/token", "/oauth2/introspect", "/oauth2/revoke"]
SENTENCE = re.compile(r"[\x20-\x21\x23-\x5b\x5d-\x7e]+")  # RFC 6749 5.2

GOOD = {
    "grant_type": list(grant_types.ALL),
    "subject_token_type": list(token_types.SUBJECT_TOKEN_TYPES),
    "requested_token_type": list(token_types.REQUESTED_TOKEN_TYPES),
    "scope": ["orders.read"],
    "audience": [TARGET],
    "resource": [TARGET],
    "client_id": ["orders"],
    "client_secret": [SECRET],
    "client_assertion_type": [assertions.ASSERTION_TYPE],
}
OTHERS = ["actor_token", "actor_token_type", "client_assertion", "refresh_token", "token",
          "token_type_hint", "subject_token", "authorization_details", "unknown"]  # fmt: skip
NAMES = st.sampled_from([*GOOD, *OTHERS])

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda values: st.lists(values, max_size=3) | st.dictionaries(st.text(), values, max_size=3),
)
HEADERS = st.dictionaries(st.sampled_from(["alg", "kid", "typ", "crit", "jwk", "x5t#S256"]), JSON)
CLAIMS = st.dictionaries(
    st.sampled_from(["iss", "sub", "aud", "exp", "nbf", "iat", "jti", "acr", "email", "x"]), JSON
)
TOKENS = st.one_of(
    st.builds(lambda header, body: keys.compact(header, body), HEADERS, CLAIMS),
    st.builds(lambda claims: keys.sign(alg="ES256", **keys.claims() | claims), CLAIMS),
    st.binary(max_size=60).map(lambda octets: keys.compact({"alg": "ES256"}, octets)),
)
VALUES = (
    st.text(max_size=60) | TOKENS | st.sampled_from([v for good in GOOD.values() for v in good])
)
FORMS = st.lists(st.tuples(NAMES, VALUES), max_size=8)
BODIES = st.binary(max_size=200) | FORMS.map(lambda pairs: urlencode(pairs).encode())
LINE = st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=60)
AUTHORIZATION = st.sampled_from([basic("orders", SECRET), ""]) | LINE | LINE.map("Basic {}".format)

thorough = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture
def send(client, connection, every_grant, settings):
    """Return a function that posts any octets, and checks what every answer has to be."""
    settings.CLIENT_FAILURES = settings.ADDRESS_FAILURES = 10**6
    client.raise_request_exception = False

    def post(path: str, body: bytes, content_type: str = FORM, **headers: str) -> int:
        response = client.post(path, body, content_type, **headers)
        status: int = response.status_code
        assert status in (200, 400, 401), (status, response.content)
        assert response["Content-Type"] == "application/json"
        assert response["Cache-Control"] == "no-store"
        assert response["Pragma"] == "no-cache"
        if status != 200:
            answer = response.json()
            assert all(SENTENCE.fullmatch(answer[name]) for name in answer)
        return status

    return post


@thorough
@given(path=st.sampled_from(ENDPOINTS), body=BODIES, authorization=AUTHORIZATION)
def test_any_request_is_answered(send, path, body, authorization):
    send(path, body, HTTP_AUTHORIZATION=authorization)


@thorough
@given(changes=FORMS)
def test_any_change_of_a_good_exchange_is_answered(send, changes):
    good = {
        "grant_type": grant_types.TOKEN_EXCHANGE,
        "subject_token": keys.sign(alg="ES256"),
        "subject_token_type": JWT,
    }

    send(
        "/oauth2/token",
        urlencode(good | dict(changes)).encode(),
        HTTP_AUTHORIZATION=basic("orders", SECRET),
    )


@thorough
@given(content_type=LINE, query=LINE)
def test_any_way_of_sending_it_is_answered(send, content_type, query):
    address = f"/oauth2/token?{urlencode({'x': query})}"

    send("/oauth2/token", b"grant_type=x", content_type, HTTP_AUTHORIZATION=query)
    assert send(address, b"grant_type=x") == 400
