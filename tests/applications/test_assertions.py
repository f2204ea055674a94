"""An application signs its own proof (CA-08 to CA-11, CA-13, CA-23, AT-106, AT-107)."""

import json
from time import time

import pytest

from applications import assertions
from applications.models import Application, ClientKeySet, SpentAssertion
from idp.models import ExchangeRecord
from tests import keys
from tests.fixtures import SECRET, change
from tests.hostile_server import answer, running

CLIENT = "orders"
US = "https://id.ours.example"


def assertion(*, signed_by: str = "orders", header=None, **changes) -> str:
    """Return an assertion that is accepted, changed; each has a jti of its own."""
    good = {"iss": CLIENT, "sub": CLIENT, "aud": US, "jti": keys.unique()}
    return keys.sign(alg="ES256", signed_by=signed_by, header=header, **(good | changes))


@pytest.fixture
def registered(application: Application) -> Application:
    """Register the application's public key, and with it the method."""
    key = keys.jwk("ES256", "orders")
    change(application, authentication_method="private_key_jwt", jwks=[key])
    return application


@pytest.fixture
def call(exchange, registered):
    """Return a function that posts an exchange with an assertion, changed by its keywords."""

    def send(token: str | None = None, **changes):
        proof = {
            "client_assertion": assertion() if token is None else token,
            "client_assertion_type": assertions.ASSERTION_TYPE,
        }
        return exchange(auth=None, **proof | changes)

    return send


def refused(response) -> str:
    """Assert that authentication failed in the usual words; return the recorded reason."""
    assert response.status_code == 401, response.content
    assert response.json()["error"] == "invalid_client"
    assert "check the client ID, the secret" in response.json()["error_description"]
    return ExchangeRecord.objects.latest("at").reason


def test_an_assertion_authenticates(call):
    assert call().status_code == 200
    assert call(client_id=CLIENT).status_code == 200


@pytest.mark.parametrize("typ", ["client-authentication+jwt", "JWT", None])  # CA-10
def test_the_usual_kinds_of_assertion_are_accepted(call, typ):
    assert call(assertion(header={"typ": typ})).status_code == 200


def test_an_audience_list_of_us_alone_is_accepted(call):
    assert call(assertion(aud=[US])).status_code == 200


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"iss": "billing"}, "client.unknown"),
        ({"iss": "or\x00ders"}, "client.unknown"),
        ({"iss": 7}, "client.unknown"),
        ({"iss": keys.ISSUER, "sub": keys.SUBJECT}, "client.unknown"),  # no federated credentials
        ({"sub": "billing"}, "client.subject-differs"),
        ({"aud": US + "/oauth2/token"}, "client.not-us"),
        ({"aud": [US, "https://other.example"]}, "client.audience-not-alone"),
        ({"aud": "https://other.example"}, "client.not-us"),
        ({"aud": None}, "client.missing"),
        ({"exp": None}, "client.no-expiry"),
        ({"exp": 1}, "client.expired"),
        ({"exp": int(time()) + 365 * 86_400}, "client.lives-too-long"),
        ({"jti": None}, "client.no-jti"),
        ({"signed_by": "mallory"}, "client.unknown-key"),
        ({"header": {"typ": "at+jwt"}}, "client.typ"),
        ({"header": {"typ": "dpop+jwt"}}, "client.typ"),
    ],
    ids=lambda value: value if isinstance(value, str) else "-".join(value),
)
def test_refuses_an_assertion_with_another(call, changes, reason):  # CA-08, CA-09, D5, CA-17
    assert refused(call(assertion(**changes))) == reason


def test_refuses_a_right_name_with_a_wrong_key(call):
    token = assertion(signed_by="mallory", header={"kid": "orders-ES256"})

    assert refused(call(token)) == "client.invalid"


def test_an_assertion_is_good_once(call):  # CA-11
    token = assertion()

    assert call(token).status_code == 200
    assert refused(call(token)) == "client.assertion-used-before"
    assert SpentAssertion.objects.count() == 1


@pytest.mark.parametrize(
    "change_of_proof",
    [
        {"client_assertion_type": None},
        {"client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:saml2-bearer"},
        {"client_assertion": None},
        {"client_assertion": "not a token"},
    ],
    ids=["no-type", "another-type", "type-alone", "junk"],
)
def test_refuses_half_a_proof(call, change_of_proof):  # CA-13
    refused(call(**change_of_proof))


def test_a_client_id_beside_the_assertion_must_be_the_same(call):  # CA-06
    response = call(client_id="billing")

    assert (response.status_code, response.json()["error"]) == (400, "invalid_request")


def test_an_application_with_keys_cannot_fall_back_to_its_old_secret(exchange, registered):  # CA-12
    assert refused(exchange(auth=(CLIENT, SECRET))) == "client.not-authenticated"
    assert refused(exchange(auth=None, client_id=CLIENT)) == "client.not-authenticated"


def test_an_application_with_a_secret_cannot_use_an_assertion(call, registered):
    change(registered, authentication_method="client_secret_basic")

    assert refused(call()) == "client.unknown"


def test_a_disabled_application_cannot_sign_in_by_assertion(call, registered):  # CA-15
    change(registered, enabled=False)

    assert refused(call()) == "client.unknown"


def test_two_methods_at_once_are_refused(call, exchange):  # CA-05
    proof = {
        "client_assertion": assertion(),
        "client_assertion_type": assertions.ASSERTION_TYPE,
    }

    for response in (exchange(**proof), call(client_secret=SECRET)):
        assert (response.status_code, response.json()["error"]) == (400, "invalid_request")


def test_one_token_cannot_be_both_assertion_and_subject(call):  # CA-23
    token = assertion()

    response = call(token, subject_token=token)

    assert (response.status_code, response.json()["error"]) == (400, "invalid_request")
    assert ExchangeRecord.objects.get().reason == "client.assertion-is-subject"


def test_keys_can_come_from_a_url(call, registered, settings):
    settings.ALLOW_LOCAL_ISSUERS = True
    document = json.dumps(keys.jwks("ES256", signed_by="orders")).encode()
    with running(answer(document)) as server:
        change(registered, jwks=[], jwks_uri=server.url)

        assert call().status_code == 200
        assert call().status_code == 200

    assert server.connections == 1
    assert ClientKeySet.objects.get().owner == registered


def test_keys_out_of_reach_are_not_a_wrong_proof(call, registered, settings):
    settings.ALLOW_LOCAL_ISSUERS = True
    with running(answer(b"{}", status="500 Oops")) as server:
        change(registered, jwks=[], jwks_uri=server.url)

        response = call()

    assert response.status_code == 503
    assert response.json()["error"] == "temporarily_unavailable"
    assert int(response["Retry-After"]) >= 1
    assert server.url not in response.content.decode()


@pytest.mark.parametrize(
    "jwks", [[{"kty": "oct", "k": "c2VjcmV0"}], [keys.jwk("ES256") | {"d": "AQAB"}], ["x"], {}]
)
def test_a_key_that_is_not_public_and_good_is_not_registered(application, jwks):
    with pytest.raises(Exception, match=r"published|list of JSON Web Keys"):
        change(application, authentication_method="private_key_jwt", jwks=jwks)


def test_other_endpoints_take_an_assertion_too(post, call, registered):
    token = call().json()["access_token"]
    proof = {"client_assertion": assertion(), "client_assertion_type": assertions.ASSERTION_TYPE}

    response = post("/oauth2/introspect", proof | {"token": token}, auth=None)

    assert response.json()["active"] is True
