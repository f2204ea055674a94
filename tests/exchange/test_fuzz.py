"""Whatever a trusted party signs is answered: its claims reach every table that there is."""

from time import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from applications import assertions, grant_types
from applications.attributes import PROFILE
from applications.models import Application
from connections.lookup import LookupAttribute
from connections.models import Connection
from tests import keys
from tests.fixtures import FORM, JWT, SECRET, basic, change
from tests.hostile import CLAIMS, HEADERS, check_answer, encode, signed, thorough, undone

LOOKUPS = st.permutations([*LookupAttribute])
FORMATS = st.sampled_from(Application.TokenFormat.values)
WISHES = st.sampled_from([(False, False), (True, False), (True, True)])
ORDERS_KEY = "orders"  # who signs its assertions
BY_SECRET = basic("orders", SECRET)


@pytest.fixture
def everything(connection, application, alice, bob):
    """Switch on whatever looks at claims."""
    attributes = frozenset({"username", "email", "mobile"})
    change(
        connection,
        one_time_tokens=True,
        implicit_linking=True,
        primary_lookup="email",
        issuer_verifies=attributes,
    )
    change(
        application,
        grant_types=frozenset(grant_types.ALL),
        redirect_uris=frozenset({"https://app.ours.example/callback"}),
        attributes=frozenset(PROFILE),
    )


@pytest.fixture
def send(client, everything, settings):
    """Return a function that posts a form, and checks what every answer has to be."""
    settings.CLIENT_FAILURES = settings.ADDRESS_FAILURES = 10**6
    client.raise_request_exception = False

    def post(path="/oauth2/token", authorization=BY_SECRET, **form):
        good = {
            "grant_type": grant_types.TOKEN_EXCHANGE,
            "subject_token_type": JWT,
            "subject_token": "",
        }
        body = encode([*(good | form).items()])
        return check_answer(client.post(path, body, FORM, HTTP_AUTHORIZATION=authorization))

    assert post(subject_token=keys.sign()).status_code == 200  # and our key is there to stay
    return post


def use(send, answer) -> None:
    """Send the tokens of an answer wherever a token can be sent."""
    for token in (answer["access_token"], answer["refresh_token"]):
        assert send("/oauth2/introspect", token=token).json()["active"] is True
    again = send(grant_type="refresh_token", refresh_token=answer["refresh_token"])
    assert again.status_code == 200
    assert send("/oauth2/introspect", token=again.json()["access_token"]).json()["active"] is True
    assert send("/oauth2/revoke", token=again.json()["access_token"]).status_code == 200


@thorough(250)
@given(claims=CLAIMS, header=HEADERS, lookups=LOOKUPS, wish=WISHES, token_format=FORMATS)
def test_any_claims_are_answered(send, claims, header, lookups, wish, token_format):
    vouched = {"email_verified": True, "jti": keys.unique(), "sub": "somebody else"}
    with undone():
        Connection.objects.update(primary_lookup=lookups[0], secondary_lookup=lookups[1])
        Application.objects.update(
            prioritize_local=wish[0], mandate_local=wish[1], access_token_format=token_format
        )
        token = signed(keys.claims() | vouched | claims, header=header)
        response = send(subject_token=token)
        if response.status_code == 200:
            use(send, response.json())


@thorough(150)
@given(claims=CLAIMS, header=HEADERS)
def test_any_assertion_is_answered(send, application, claims, header):
    key = keys.jwk("ES256", ORDERS_KEY)
    change(application, authentication_method="private_key_jwt", jwks=[key])
    good = {"iss": "orders", "sub": "orders", "aud": keys.AUDIENCE, "exp": int(time()) + 60}
    assertion = signed(good | {"jti": keys.unique()} | claims, by=ORDERS_KEY, header=header)
    with undone():
        send(
            authorization="",
            subject_token=keys.sign(),
            client_assertion=assertion,
            client_assertion_type=assertions.ASSERTION_TYPE,
        )
