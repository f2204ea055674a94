"""A token for the application itself (RFC 6749 4.4, RFC 9068)."""

import jwt
import pytest
from django.core.exceptions import ValidationError

from applications import grant_types
from tests.fixtures import TARGET, change


@pytest.fixture
def ask(post, every_grant):
    """Return a function that asks for a token for the application."""
    return lambda **more: post("/oauth2/token", {"grant_type": "client_credentials"} | more)


def test_the_token_is_for_the_application(ask):
    response = ask(scope="orders.read", audience=TARGET)

    token = response.json()["access_token"]
    claims = jwt.decode(token, options={"verify_signature": False})
    assert jwt.get_unverified_header(token)["typ"] == "at+jwt"
    assert claims == {
        "iss": "https://id.ours.example",
        "sub": "orders",
        "client_id": "orders",
        "aud": TARGET,
        "scope": "orders.read",
        "iat": claims["iat"],
        "exp": claims["iat"] + 900,
        "jti": claims["jti"],
    }
    assert response.json()["expires_in"] == 900
    assert "refresh_token" not in response.json()


def test_each_token_has_an_id_of_its_own(ask):  # IT-10
    tokens = [ask().json()["access_token"] for _ in range(20)]

    ids = {jwt.decode(t, options={"verify_signature": False})["jti"] for t in tokens}
    assert len(ids) == 20
    assert min(map(len, ids)) >= 22  # 128 bits and more


@pytest.mark.parametrize(
    ("more", "error"),
    [({"scope": "other"}, "invalid_scope"), ({"audience": "https://x.example"}, "invalid_target")],
)
def test_asks_for_no_more_than_the_application_may_have(ask, more, error):
    response = ask(**more)

    assert (response.status_code, response.json()["error"]) == (400, error)


def test_needs_the_grant(post, application):
    response = post("/oauth2/token", {"grant_type": "client_credentials"})

    assert response.json()["error"] == "unauthorized_client"


@pytest.mark.parametrize(
    ("kept", "active"), [("client_credentials", True), (grant_types.TOKEN_EXCHANGE, False)]
)
def test_its_tokens_end_with_the_grant(ask, introspect, every_grant, kept, active):
    token = ask().json()["access_token"]

    change(every_grant, grant_types=frozenset({kept}))

    assert introspect(token)["active"] is active


def test_an_application_cannot_have_the_id_of_a_person(application):  # IT-08
    with pytest.raises(ValidationError, match="not a UUID"):
        change(application, client_id="3ccf7d60-368d-41ec-a26d-409dcd74c2e8")
