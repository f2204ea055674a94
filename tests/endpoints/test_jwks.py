"""Our public keys: all a verifier needs, at any time, and nothing else (KY-10)."""

from datetime import timedelta

import pytest
from django.utils import timezone
from joserfc import jwk, jwt
from joserfc.errors import JoseError

from idp.audit import COMMAND_LINE
from idp.models import SigningKey
from idp.tokens import signing
from tests import keys
from tests.fixtures import change


@pytest.fixture
def published(client, db):
    """Return a function that fetches the keys as a verifier does."""
    return lambda: client.get("/oauth2/jwks").json()["keys"]


def verify(token: str, jwks: list) -> bool:
    """Say whether one of the keys verifies a token, with a library that did not sign it."""
    key_set = jwk.KeySet.import_key_set({"keys": jwks})
    return bool(jwt.decode(token, key_set, algorithms=["ES256", "RS256"]).claims)


def test_anybody_may_read_them_and_keep_them_for_a_while(client, db):
    response = client.get("/oauth2/jwks")

    assert response["Content-Type"] == "application/json"
    assert response["Access-Control-Allow-Origin"] == "*"
    assert response["Cache-Control"] == "public, max-age=300"
    assert not response.cookies
    again = client.get("/oauth2/jwks", headers={"if-none-match": response["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert client.post("/oauth2/jwks").status_code == 405


def test_each_key_says_what_it_is_for(published):
    found = published()

    assert sorted(key["alg"] for key in found) == ["ES256", "ES256", "RS256", "RS256"]
    assert {key["use"] for key in found} == {"sig"}
    assert len({key["kid"] for key in found}) == 4  # current and next


def test_nothing_private_is_in_them(published):
    public = {"kty", "kid", "alg", "use", "n", "e", "crv", "x", "y"}

    assert {member for key in published() for member in key} == public


@pytest.mark.parametrize("algorithm", ["ES256", "RS256"])
def test_a_rotation_disturbs_nobody(published, exchange, application, algorithm):
    """Whoever read the keys before it and whoever reads them after it can verify every token."""
    change(application, signing_algorithm=algorithm)
    tokens, read_before = [exchange().json()["access_token"]], published()
    SigningKey.objects.update(created_at=timezone.now() - timedelta(hours=1))

    signing.rotate(algorithm, actor=COMMAND_LINE)

    tokens.append(exchange().json()["access_token"])
    assert len({keys.header(token)["kid"] for token in tokens}) == 2
    for read in (read_before, published()):
        assert all(verify(token, read) for token in tokens)


def test_a_key_that_was_withdrawn_is_not_among_them(published, exchange):
    token = exchange().json()["access_token"]

    signing.withdraw(signing.current_key("ES256").kid, actor=COMMAND_LINE)

    with pytest.raises(JoseError):
        verify(token, published())
    assert verify(exchange().json()["access_token"], published())
