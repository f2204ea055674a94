"""No input gives anything but JSON, and nothing is our fault (TE-22, TE-23, TE-25, TE-32)."""

from urllib.parse import quote, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from applications import assertions, grant_types
from idp.exchange import token_types
from tests import keys
from tests.fixtures import FORM, JWT, SECRET, TARGET, basic
from tests.hostile import (
    LINE,
    OAUTH_ENDPOINTS,
    TEXT,
    TOKENS,
    check_answer,
    encode,
    thorough,
    undone,
)

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
          "token_type_hint", "subject_token", "authorization_details", "dpop_jkt"]  # fmt: skip
NAMES = st.sampled_from([*GOOD, *OTHERS]) | TEXT
VALUES = TOKENS | st.sampled_from([value for good in GOOD.values() for value in good])
FORMS = st.lists(st.tuples(NAMES, VALUES), max_size=8)

PAGES = ["/", "/sign-in/", "/sign-out/", "/static/", "/console/exchanges/" + "0" * 32 + "/"]
PUBLIC = [
    *("/oauth2/jwks", "/.well-known/oauth-authorization-server", "/openapi.json"),
    *("/.well-known/openid-configuration", "/healthz", "/readyz"),
]
PATHS = st.sampled_from(OAUTH_ENDPOINTS + PUBLIC + PAGES) | st.builds(
    lambda known, octets: known + quote(octets),
    st.sampled_from(["/", "/oauth2/", "/.well-known/", "/console/exchanges/", "/static/"]),
    st.binary(max_size=30),
)
METHODS = st.sampled_from(["GET", "HEAD", "POST", "PUT", "OPTIONS", "TRACE", "PROPFIND", "post"])
NUL_COOKIE = 'agio_session="' + r"\000" * 32 + '"; agio_csrf="' + r"\000" * 32 + '"; messages=x'
REQUEST_HEADERS = st.dictionaries(
    st.sampled_from(["ACCEPT", "AUTHORIZATION", "COOKIE", "DPOP", "HOST", "IF_NONE_MATCH",
                     "IF_MODIFIED_SINCE", "ORIGIN", "X_FORWARDED_FOR", "X_FORWARDED_PROTO"]),
    LINE | st.sampled_from([NUL_COOKIE, "fe80::1%" + "z" * 90, "Mon, 31 Feb 9999 25:61:61 GMT"]),
    max_size=3,
).map(lambda headers: {f"HTTP_{name}": value for name, value in headers.items()})  # fmt: skip
BODIES = st.binary(max_size=200) | FORMS.map(lambda pairs: encode(pairs))
AUTHORIZATION = st.one_of(
    st.sampled_from([basic("orders", SECRET), ""]),
    LINE,
    LINE.map("Basic {}".format),
    st.builds(lambda a, b: basic(a, b), st.text(st.characters(codec="utf-8")), st.just(SECRET)),
)


@pytest.fixture
def send(client, connection, every_grant, settings):
    """Return a function that sends anything, and checks what every answer has to be."""
    settings.CLIENT_FAILURES = settings.ADDRESS_FAILURES = 10**6
    settings.BEHIND_PROXY = True
    client.raise_request_exception = False

    def send(path, body=b"", content_type=FORM, method="POST", **headers):
        headers.setdefault("HTTP_X_FORWARDED_PROTO", "https")
        secure = {"wsgi.url_scheme": headers["HTTP_X_FORWARDED_PROTO"]}
        with undone():
            response = client.generic(method, path, body, content_type, **headers, **secure)
            return check_answer(response)

    return send


@thorough(150)
@given(path=st.sampled_from(OAUTH_ENDPOINTS), body=BODIES, authorization=AUTHORIZATION)
def test_any_request_is_answered(send, path, body, authorization):
    send(path, body, HTTP_AUTHORIZATION=authorization)


@thorough(150)
@given(changes=FORMS)
def test_any_change_of_a_good_exchange_is_answered(send, changes):
    good = {
        "grant_type": grant_types.TOKEN_EXCHANGE,
        "subject_token": keys.sign(alg="ES256"),
        "subject_token_type": JWT,
    }

    body = encode([*(good | dict(changes)).items()])
    send("/oauth2/token", body, HTTP_AUTHORIZATION=basic("orders", SECRET))


@thorough(100)
@given(path=st.sampled_from(OAUTH_ENDPOINTS), name=NAMES, token=TOKENS)
def test_any_token_is_answered(send, path, name, token):
    pairs = [("grant_type", "refresh_token"), ("refresh_token", token), ("token", token)]

    send(path, encode([*pairs, (name, token)]), HTTP_AUTHORIZATION=basic("orders", SECRET))
    send(path, encode(pairs), HTTP_AUTHORIZATION=basic("orders", SECRET))


@thorough(100)
@given(content_type=LINE, query=LINE)
def test_any_way_of_sending_it_is_answered(send, content_type, query):
    address = f"/oauth2/token?{urlencode({'x': query})}"

    send("/oauth2/token", b"grant_type=x", content_type, HTTP_AUTHORIZATION=query)
    assert send(address, b"grant_type=x").status_code == 400


@thorough(300)
@given(method=METHODS, path=PATHS, query=TOKENS, headers=REQUEST_HEADERS, body=BODIES)
def test_anything_at_any_address_is_answered(send, method, path, query, headers, body):
    send(f"{path}?{quote(query, errors='surrogatepass')}", body, method=method, **headers)
