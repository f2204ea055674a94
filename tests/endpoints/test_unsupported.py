"""What we do not do is refused with its name, and never ignored (issue 3; RP-13, CA-21, AT-112)."""

import pytest

from applications import grant_types
from idp.models import AccessToken, ExchangeRecord
from tests import keys
from tests.fixtures import JWT

JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"
TOKEN_TYPE = "urn:ietf:params:oauth:token-type:"
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:"


def refused(response, name: str, status: int = 400, error: str = "invalid_request") -> None:
    """Assert that the refusal names what is not supported, and that nothing was issued."""
    assert response.status_code == status, response.content
    assert response.json()["error"] == error
    assert name in response.json()["error_description"]
    assert not AccessToken.objects.exists()


@pytest.mark.parametrize("name", ["DPoP", "OAuth-Client-Attestation"])
@pytest.mark.parametrize("value", ["", "x", "a.b.c"])
def test_a_header_that_would_bind_the_token_is_refused(exchange, name, value):
    key = f"HTTP_{name.upper().replace('-', '_')}"

    refused(exchange(headers={key: value}), f"{name} is not supported")
    assert ExchangeRecord.objects.get().reason == "request.unsupported"


@pytest.mark.parametrize("name", ["dpop_jkt", "req_cnf", "authorization_details"])
def test_a_parameter_that_would_limit_the_token_is_refused(exchange, name):
    refused(exchange(**{name: "[]"}), f"{name} is not supported")


def test_without_a_value_it_is_absent(exchange):
    assert exchange(dpop_jkt="", authorization_details="").status_code == 200


@pytest.mark.parametrize("grant_type", ["client_credentials", "refresh_token"])
def test_every_grant_refuses_it(post, every_grant, grant_type):
    form = {"grant_type": grant_type, "refresh_token": "x"}

    refused(post("/oauth2/token", form, HTTP_DPOP="x"), "DPoP is not supported")
    refused(post("/oauth2/token", form | {"dpop_jkt": "x"}), "dpop_jkt is not supported")


@pytest.mark.parametrize(
    ("grant_type", "more"),
    [
        (JWT_BEARER, {"assertion": "a.b.c"}),  # AT-101, D1
        ("urn:ietf:params:oauth:grant-type:device_code", {"device_code": "x"}),
        ("urn:openid:params:grant-type:ciba", {"auth_req_id": "x"}),
    ],
    ids=["jwt-bearer", "device", "ciba"],
)
def test_a_grant_that_we_do_not_have_is_named_as_such(post, every_grant, grant_type, more):
    response = post("/oauth2/token", {"grant_type": grant_type} | more)

    refused(response, grant_types.TOKEN_EXCHANGE, error="unsupported_grant_type")


@pytest.mark.parametrize(
    "word", ["id-jag", "txn_token", "refresh_token", "id_token", "saml1", "saml2", "access-token"]
)
def test_a_token_that_we_do_not_issue_is_not_promised(exchange, word):  # TE-13, RP-02, RP-03
    response = exchange(requested_token_type=TOKEN_TYPE + word)

    refused(response, "requested_token_type is not supported")


@pytest.mark.parametrize("word", ["id-jag", "txn_token", "refresh_token", "saml1", "saml2"])
def test_a_token_that_we_do_not_read_is_not_taken(exchange, word):  # ST-18, ST-20, AT-103, AT-143
    refused(exchange(subject_token_type=TOKEN_TYPE + word), "subject_token_type is not supported")


@pytest.mark.parametrize("word", ["jwt-spiffe", "saml2-bearer", "JWT-BEARER", ""])
def test_a_proof_that_we_do_not_check_proves_nothing(exchange, application, word):  # AT-111, CA-13
    assertion = keys.sign(iss="orders", sub="spiffe://acme.example/orders", jti=keys.unique())

    response = exchange(
        auth=None, client_assertion=assertion, client_assertion_type=ASSERTION_TYPE + word
    )

    refused(response, "Client authentication failed", 401, "invalid_client")


@pytest.mark.parametrize(
    "header",
    ["HTTP_X_SSL_CLIENT_CERT", "HTTP_X_CLIENT_CERT", "HTTP_X_FORWARDED_CLIENT_CERT",
     "HTTP_CLIENT_CERT", "SSL_CLIENT_CERT"],
)  # fmt: skip
def test_a_certificate_in_a_header_authenticates_nobody(exchange, header):  # AT-110
    response = exchange(auth=None, client_id="orders", headers={header: keys.certificate()})

    refused(response, "Client authentication failed", 401, "invalid_client")


@pytest.mark.parametrize(
    "claim",
    [
        {"cnf": {"jkt": "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"}},  # ST-25, AT-059
        {"cnf": {}},
        {"act": {"sub": "admin"}},  # AC-09, AT-090
        {"act": "admin"},
        {"act": [{"sub": "admin"}]},
        {"act": {"sub": keys.SUBJECT, "iss": keys.ISSUER}},
        {"may_act": {"sub": "orders"}},  # AC-06, AT-091
        {"may_act": ["orders"]},
        {"may_act": {}},
    ],
    ids=lambda claim: str(claim)[:24],
)
def test_a_subject_token_that_only_some_may_use_is_refused(exchange, claim):
    (name,) = claim

    refused(exchange(subject_token=keys.sign(**claim)), f"({name})")


@pytest.mark.parametrize("changes", [{}, {"exp": 1}, {"signed_by": "mallory"}])
def test_no_actor_token_is_taken_however_good(exchange, changes):  # ST-34, AT-088, AT-089
    actor = keys.sign(sub="actor", **changes)

    refused(exchange(actor_token=actor, actor_token_type=JWT), "actor_token is not supported")
