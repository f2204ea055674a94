"""What we sign, others verify: with joserfc, straight from /oauth2/jwks."""

from typing import Any

import pytest
from joserfc.errors import BadSignatureError

from tests.clients.verified import verified


@pytest.fixture
def exchange(live_agio, session):
    def exchange(person: str, application: str) -> str:
        """Return the access token that an application gets for a person."""
        secrets = {"orders": live_agio.orders_secret, "payroll": live_agio.payroll_secret}
        form = {
            "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange",
            "subject_token": live_agio.acme_token(person),
            "subject_token_type": "urn:ietf:params:oauth:token-type:jwt",
        }
        basic = (application, secrets[application])
        answer = session.post(f"{live_agio.agio}/oauth2/token", data=form, auth=basic)
        return answer.json()["access_token"]

    return exchange


@pytest.mark.parametrize(("application", "algorithm"), [("orders", "ES256"), ("payroll", "RS256")])
def test_token_verifies_with_the_published_keys(exchange, jwks, live_agio, application, algorithm):
    token = verified(exchange("ann", application), jwks, live_agio, audience=application)
    assert token.header["alg"] == algorithm
    assert token.header["typ"] == "at+jwt"
    assert token.header["kid"] in {key["kid"] for key in jwks["keys"]}
    assert token.claims["client_id"] == application


def test_token_that_was_changed_does_not_verify(exchange, jwks, live_agio):
    header, payload, signature = exchange("ann", "orders").split(".")
    _other_header, other_payload, _signature = exchange("ben", "orders").split(".")
    assert payload != other_payload
    with pytest.raises(BadSignatureError):
        verified(f"{header}.{other_payload}.{signature}", jwks, live_agio, audience="orders")


def test_published_keys_are_public_only(jwks):
    # KY-10
    private: set[str] = {"d", "p", "q", "dp", "dq", "qi", "oth", "k"}
    members: list[dict[str, Any]] = jwks["keys"]
    assert {key["alg"] for key in members} >= {"RS256", "ES256"}
    assert all(private.isdisjoint(key) for key in members)
    assert len({key["kid"] for key in members}) == len(members)
