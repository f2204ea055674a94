"""What an API learns about a token (RFC 7662)."""

from urllib.parse import quote_plus

import jwt
import pytest

from tests import keys
from tests.fixtures import SECRET, TARGET, change

INACTIVE = {"active": False}
BILLING = "https://billing.ours.example"
AS_BILLING = (quote_plus(BILLING), SECRET)


@pytest.fixture(params=["jwt", "opaque"])
def token(request, exchange, every_grant):
    """Return an access token in either format."""
    change(every_grant, access_token_format=request.param)
    return exchange(scope="orders.read", audience=[TARGET, BILLING]).json()["access_token"]


def test_an_active_token_tells_what_is_in_it(introspect, token):  # IR-04
    told = introspect(token)

    assert told == {
        "active": True,
        "token_type": "Bearer",
        "iss": "https://id.ours.example",
        "sub": keys.SUBJECT,
        "sub_id": {"format": "iss_sub", "iss": keys.ISSUER, "sub": keys.SUBJECT},
        "aud": [TARGET, BILLING],
        "client_id": "orders",
        "scope": "orders.read",
        "exp": told["exp"],
        "iat": told["iat"],
        "jti": told["jti"],
    }


def test_a_jwt_tells_what_it_says_itself(introspect, exchange, application):
    token = exchange().json()["access_token"]

    said = jwt.decode(token, options={"verify_signature": False})
    assert introspect(token) == {"active": True, "token_type": "Bearer"} | said


def test_an_api_in_the_audience_may_know_and_nobody_else(
    introspect, exchange, token, billing
):  # IR-03
    assert introspect(token, auth=AS_BILLING)["active"] is True

    other = exchange(audience=TARGET).json()["access_token"]
    assert introspect(other, auth=AS_BILLING) == INACTIVE


@pytest.mark.parametrize("hint", ["access_token", "refresh_token", "made-up"])
def test_a_hint_makes_no_difference(introspect, exchange, every_grant, hint):  # IR-05
    answer = exchange().json()

    assert introspect(answer["access_token"], token_type_hint=hint)["active"] is True
    assert introspect(answer["refresh_token"], token_type_hint=hint)["active"] is True


def test_every_token_that_is_not_good_gets_the_same_bytes(post, exchange, every_grant, billing):
    """Unknown, malformed, changed, revoked, somebody else's: nobody can tell which (IR-02)."""
    good = exchange().json()
    revoked = exchange().json()["access_token"]
    post("/oauth2/revoke", {"token": revoked})
    changed = good["access_token"][:-2] + "AA"

    def bytes_for(token, auth=("orders", SECRET)):
        return post("/oauth2/introspect", {"token": token}, auth=auth).content

    answers = {
        bytes_for("unknown"), bytes_for("a.b.c"), bytes_for(changed), bytes_for(revoked),
        bytes_for(good["access_token"], AS_BILLING), bytes_for(good["refresh_token"], AS_BILLING),
        bytes_for("\x00"), bytes_for(keys.sign()),
    }  # fmt: skip
    assert answers == {b'{"active": false}'}


def test_who_does_not_authenticate_learns_nothing(post, token, every_grant):  # IR-01
    assert post("/oauth2/introspect", {"token": token}, auth=None).status_code == 401
    response = post("/oauth2/introspect", {"token": token}, auth=("orders", "wrong"))
    assert response.status_code == 401
    assert response["WWW-Authenticate"].startswith("Basic ")


def test_a_public_application_has_proved_nothing(post, exchange, application):
    token = exchange().json()["access_token"]
    change(application, type="mobile", authentication_method="none")

    response = post("/oauth2/introspect", {"token": token, "client_id": "orders"}, auth=None)

    assert response.status_code == 401


def test_a_missing_token_is_an_invalid_request(post, application):
    response = post("/oauth2/introspect", {})

    assert (response.status_code, response.json()["error"]) == (400, "invalid_request")


def test_a_token_of_a_disabled_application_is_inactive_for_others_too(
    introspect, token, every_grant, billing
):
    assert introspect(token, auth=AS_BILLING)["active"] is True

    change(every_grant, enabled=False)

    assert introspect(token, auth=AS_BILLING) == INACTIVE


def test_a_used_refresh_token_is_inactive_and_its_successor_is_not(
    introspect, refresh, exchange, every_grant
):
    first = exchange().json()["refresh_token"]
    second = refresh(first).json()["refresh_token"]

    assert introspect(first) == INACTIVE
    assert introspect(second)["active"] is True


def test_a_refresh_token_tells_its_own_application(introspect, exchange, every_grant):
    token = exchange(scope="orders.read").json()["refresh_token"]

    told = introspect(token)

    assert told.keys() == {"active", "client_id", "exp", "iat", "scope"}
    assert told["client_id"] == "orders"
