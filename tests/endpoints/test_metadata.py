"""The metadata is true: what is listed works, what is not listed does not (MD-01 to MD-07)."""

import json
from urllib.parse import urlsplit

import joserfc.jwk
import joserfc.jwt
import pytest

from applications import assertions, grant_types
from connections.models import Connection
from idp.exchange import token_types
from tests import keys
from tests.fixtures import SECRET, change

DOCUMENTS = ["/.well-known/oauth-authorization-server", "/.well-known/openid-configuration"]


@pytest.fixture
def metadata(client, db):
    """Return the metadata document."""
    return client.get(DOCUMENTS[0]).json()


@pytest.mark.parametrize("path", DOCUMENTS)
def test_both_documents_are_one_and_can_be_cached_by_anybody(
    client, metadata, path
):  # MD-02, MD-01
    response = client.get(path)

    assert response.json() == metadata
    assert response["Content-Type"] == "application/json"
    assert response["Access-Control-Allow-Origin"] == "*"  # MD-15
    assert "max-age" in response["Cache-Control"]
    assert not response.cookies
    again = client.get(path, headers={"if-none-match": response["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert client.post(path).status_code == 405


def test_addresses_come_from_the_configured_issuer(client, metadata):  # MD-03, TE-31
    assert metadata["issuer"] == "https://id.ours.example"
    forged = client.get(DOCUMENTS[0], headers={"host": "localhost", "x-forwarded-host": "evil"})
    assert forged.json() == metadata
    for name, address in metadata.items():
        if name.endswith(("_endpoint", "jwks_uri")):
            assert address.startswith("https://id.ours.example/oauth2/")
            there = client.get(urlsplit(address).path).status_code  # MD-07
            assert there in (200, 302, 400, 401, 405)


def test_empty_lists_are_left_out(metadata):  # MD-06
    assert [name for name, value in metadata.items() if value == []] == []


def test_nothing_is_listed_that_is_not_offered(metadata):  # MD-08 to MD-13
    not_offered = (
        "dpop", "mtls", "tls_client", "identity_chaining", "introspection_signing",
        "registration", "pushed", "resource", "request_object", "acr", "display",
    )  # fmt: skip

    assert [name for name in metadata if name.startswith(not_offered)] == []


def test_nobody_learns_whom_we_trust(metadata, connection, application):  # MD-14
    text = json.dumps(metadata)

    assert connection.issuer not in text
    assert connection.name not in text
    assert application.client_id not in text


def test_every_listed_grant_works_and_no_other(metadata, exchange, refresh, post, every_grant):
    answer = exchange()
    results = {
        grant_types.TOKEN_EXCHANGE: answer,
        "refresh_token": refresh(answer.json()["refresh_token"]),
        "client_credentials": post("/oauth2/token", {"grant_type": "client_credentials"}),
    }

    code = {grant_types.AUTHORIZATION_CODE}  # works in tests/authorization
    assert set(metadata["grant_types_supported"]) == set(results) | code
    assert {response.status_code for response in results.values()} == {200}
    other = post("/oauth2/token", {"grant_type": "password"})
    assert other.json()["error"] == "unsupported_grant_type"  # MD-04


def ways_to_authenticate() -> dict[str, tuple[dict, dict]]:
    """Return, for each way, the fields an application needs for it and the proof it sends."""
    own = {"iss": "orders", "sub": "orders", "jti": keys.unique()}
    signed = {
        "client_assertion": keys.sign(alg="ES256", **own),
        "client_assertion_type": assertions.ASSERTION_TYPE,
    }
    return {
        "client_secret_basic": ({}, {}),
        "client_secret_post": ({}, {"client_id": "orders", "client_secret": SECRET}),
        "private_key_jwt": ({"jwks": [keys.jwk("ES256")]}, signed),
        "none": ({"type": "mobile"}, {"client_id": "orders"}),
    }


@pytest.mark.parametrize(
    "method", ["client_secret_basic", "client_secret_post", "private_key_jwt", "none"]
)
@pytest.mark.parametrize("endpoint", ["token", "introspection", "revocation"])
def test_what_is_listed_as_a_way_to_authenticate_is_one_and_nothing_else(
    metadata, post, connection, application, endpoint, method
):  # MD-05, MD-07
    fields, proof = ways_to_authenticate()[method]
    change(application, authentication_method=method, **fields)
    auth = ("orders", SECRET) if method == "client_secret_basic" else None
    form = {
        "grant_type": grant_types.TOKEN_EXCHANGE,
        "subject_token": keys.sign(),
        "subject_token_type": token_types.JWT,
        "token": "unknown",
    }

    path = urlsplit(metadata[f"{endpoint}_endpoint"]).path
    response = post(path, form | proof, auth=auth)

    listed = metadata[f"{endpoint}_endpoint_auth_methods_supported"]
    assert response.status_code == (200 if method in listed else 401)


def test_another_scheme_is_no_way_to_authenticate(exchange):  # MD-05
    bearer = {"HTTP_AUTHORIZATION": "Bearer abc"}

    assert exchange(auth=None, headers=bearer).status_code == 401


def test_all_that_is_listed_has_been_tried(metadata):
    for endpoint in ("token", "introspection", "revocation"):
        listed = metadata[f"{endpoint}_endpoint_auth_methods_supported"]
        assert set(listed) <= ways_to_authenticate().keys()


@pytest.mark.parametrize("alg", keys.ALGORITHMS)
def test_an_assertion_may_be_signed_with_every_listed_algorithm(
    metadata, exchange, application, alg
):
    listed = metadata["token_endpoint_auth_signing_alg_values_supported"]
    change(application, authentication_method="private_key_jwt", jwks=[keys.jwk(alg)])
    own = {"iss": "orders", "sub": "orders", "jti": keys.unique()}

    response = exchange(
        auth=None,
        client_assertion=keys.sign(alg=alg, **own),
        client_assertion_type=assertions.ASSERTION_TYPE,
    )

    assert alg in listed
    assert response.status_code == 200
    assert set(listed) == set(keys.ALGORITHMS)


@pytest.mark.filterwarnings("ignore:EdDSA is deprecated")  # RFC 9864 has a new name for it
@pytest.mark.parametrize("alg", ["RS256", "ES256", "EdDSA"])
def test_our_tokens_verify_with_another_library_straight_from_the_published_keys(
    client, metadata, exchange, application, alg
):  # IT-14, MD-07
    change(application, signing_algorithm=alg)
    token = exchange().json()["access_token"]

    published = client.get(urlsplit(metadata["jwks_uri"]).path).json()
    key_set = joserfc.jwk.KeySet.import_key_set(published)
    verified = joserfc.jwt.decode(token, key_set, algorithms=[alg])

    assert alg in metadata["access_token_signing_alg_values_supported"]
    assert verified.header["typ"] == "at+jwt"  # IT-01
    assert verified.claims["iss"] == metadata["issuer"]  # IT-03
    assert verified.claims["sub"] == keys.SUBJECT


@pytest.mark.parametrize("token_type", token_types.SUBJECT_TOKEN_TYPES)
def test_every_token_type_that_a_refusal_names_works(exchange, token_type):
    told = exchange(subject_token_type="urn:x").json()["error_description"]

    assert token_type in told
    assert exchange(subject_token_type=token_type).status_code == 200


def test_our_own_token_is_nobodys_subject_token(
    exchange, application
):  # ST-21, AT-053, AT-093, ST-19
    ours = exchange().json()["access_token"]

    response = exchange(subject_token=ours)

    assert response.status_code == 400
    assert "issued by this server" in response.json()["error_description"]


def test_our_own_issuer_cannot_be_a_connection(db):  # ST-21
    with pytest.raises(Exception, match="our own issuer"):
        Connection(
            name="Us", issuer="https://id.ours.example", jwks_uri="https://x.example/"
        ).full_clean()
