"""What the tokens we issue are good for, and what they are not (RFC 9068, RFC 8725 3.12)."""

import jwt
import pytest
from django.test import Client

from accounts.models import FederatedLink, User
from applications import assertions
from applications.models import Application
from connections import base64url
from connections.models import Connection
from idp.tokens import signing
from tests import keys
from tests.fixtures import change
from tests.hostile_server import answer, running


def subject(response) -> str:
    """Return the `sub` of the token in an answer."""
    claims = jwt.decode(response.json()["access_token"], options={"verify_signature": False})
    return claims["sub"]


def test_whoever_gets_the_name_of_a_deleted_account_is_somebody_else(
    exchange, application, connection, alice
):  # IT-09, AT-127
    change(application, prioritize_local=True, mandate_local=True)
    before = subject(exchange())
    alice.delete()
    FederatedLink.objects.create(
        connection=connection,
        subject=keys.SUBJECT,
        user=User.objects.create_user("alice", email="alice@ours.example"),
        origin=FederatedLink.Origin.CONFIGURED,
    )

    assert subject(exchange()) != before


def test_a_token_lives_for_fifteen_minutes_unless_somebody_says_otherwise():  # IT-11
    assert Application().access_token_lifetime == 900


def test_nothing_of_the_subject_token_is_passed_on(exchange, application):  # IT-13
    change(application, grant_types=application.grant_types | {"refresh_token"})
    token = keys.sign(jti="the-id-of-the-subject-token", secret="a private claim")

    response = exchange(subject_token=token)

    _header, payload, _signature = response.json()["access_token"].split(".")
    said = base64url.decode(payload) + response.content
    for part in (*token.split("."), "the-id-of-the-subject-token", "a private claim"):
        assert part.encode() not in said


@pytest.fixture
def kinds(exchange, application) -> dict[str, str]:
    """Return one token of each kind that we issue."""
    change(application, grant_types=application.grant_types | {"refresh_token"})
    answer = exchange().json()
    change(application, access_token_format="opaque")
    opaque = exchange().json()["access_token"]
    return {"jwt": answer["access_token"], "refresh": answer["refresh_token"], "opaque": opaque}


@pytest.mark.parametrize("kind", ["jwt", "refresh", "opaque"])
def test_a_token_of_ours_is_good_for_nothing_else(exchange, post, kinds, kind):  # IT-15, ST-18
    token = kinds[kind]
    proof = {"client_assertion": token, "client_assertion_type": assertions.ASSERTION_TYPE}

    for token_type in ("jwt", "access_token", "id_token"):
        urn = f"urn:ietf:params:oauth:token-type:{token_type}"
        assert exchange(subject_token=token, subject_token_type=urn).status_code == 400
    assert exchange(auth=None, **proof).status_code == 401
    refreshed = post("/oauth2/token", {"grant_type": "refresh_token", "refresh_token": token})
    assert refreshed.status_code == (200 if kind == "refresh" else 400)
    bearer = {"HTTP_AUTHORIZATION": f"Bearer {token}"}
    assert post("/oauth2/introspect", {"token": token}, auth=None, **bearer).status_code == 401


def test_no_token_of_ours_signs_anybody_in(client: Client, kinds):  # IT-15
    page = client.get("/", headers={"authorization": f"Bearer {kinds['jwt']}"})

    assert not page.wsgi_request.user.is_authenticated


@pytest.mark.django_db
def test_no_two_signatures_share_a_nonce():  # KY-13
    tokens = [signing.sign({"a": 1}, algorithm="ES256", typ="test")[0] for _ in range(20)]

    numbers = {base64url.decode(token.rpartition(".")[2])[:32] for token in tokens}
    assert len({token.rpartition(".")[0] for token in tokens}) == 1
    assert len(numbers) == 20


def test_an_issuer_whose_keys_cannot_be_read_is_tried_again_later(
    exchange, connection, settings
):  # RP-12
    settings.ALLOW_LOCAL_ISSUERS = True
    with running(answer(b"{}", status="500 Oops")) as server:
        change(connection, key_source=Connection.KeySource.JWKS, jwks_uri=server.url)

        response = exchange()

    assert (response.status_code, response.json()["error"]) == (503, "temporarily_unavailable")
    assert int(response["Retry-After"]) >= 1
    assert response["Cache-Control"] == "no-store"
    assert "127.0.0.1" not in response.json()["error_description"]
