"""Attacks through the whole endpoint: each is refused, and nobody is asked for anything."""

import base64
import hmac
import json

import pytest
from cryptography.hazmat.primitives import serialization as form
from django.conf import settings

from connections import base64url
from connections.models import Connection
from idp.models import AccessToken, ExchangeRecord
from tests import keys
from tests.fixtures import change
from tests.hostile_server import answer, running

EVIL = "https://evil.example/keys"


@pytest.fixture
def refused(exchange, asked):
    """Return a function that exchanges a token, expects a refusal and returns its reason."""

    def send(token: str, **changes) -> str:
        response = exchange(subject_token=token, **changes)
        assert (response.status_code, response.json()["error"]) == (400, "invalid_request")
        assert not AccessToken.objects.exists()
        assert asked == []
        return ExchangeRecord.objects.latest("at").reason

    return send


def unsigned(alg: object, ending: str, **header) -> str:
    """Return a token with any `alg`, and any text in the place of its signature."""
    signing_input = keys.compact({"alg": alg} | header, keys.claims()).rpartition(".")[0]
    return signing_input + ending


@pytest.mark.parametrize("ending", ["", ".", ".AAAA", "." + base64url.encode(bytes(256))])
@pytest.mark.parametrize("alg", ["none", "None", "NONE", "nOnE", "", None, ["none"]])
def test_a_token_without_signature(refused, alg, ending):  # ST-01, AT-001, AT-006
    assert refused(unsigned(alg, ending)).startswith(("format.", "algorithm."))


PUBLIC = keys.private_key().public_key()
PEM = PUBLIC.public_bytes(form.Encoding.PEM, form.PublicFormat.SubjectPublicKeyInfo)
MACS = {
    "SPKI": PEM,
    "SPKI without line end": PEM.rstrip(),
    "PKCS#1": PUBLIC.public_bytes(form.Encoding.PEM, form.PublicFormat.PKCS1),
    "DER": PUBLIC.public_bytes(form.Encoding.DER, form.PublicFormat.SubjectPublicKeyInfo),
    "certificate": keys.certificate().encode(),
    "JWK": json.dumps(keys.jwk()).encode(),
    "modulus": PUBLIC.public_numbers().n.to_bytes(256),
    "nothing": b"",
    "a word": b"secret",
    "the issuer": keys.ISSUER.encode(),
    "our secret key": settings.SECRET_KEY.encode(),
}


@pytest.mark.parametrize("alg", ["HS256", "HS384", "HS512"])
@pytest.mark.parametrize("secret", MACS)
def test_a_mac_made_with_what_is_known(refused, alg, secret):  # AT-002, AT-003
    signing_input = keys.compact({"alg": alg, "kid": keys.kid()}, keys.claims()).rpartition(".")[0]
    mac = hmac.digest(MACS[secret], signing_input.encode(), f"sha{alg[2:]}")

    assert refused(f"{signing_input}.{base64url.encode(mac)}") == "algorithm.not-accepted"


def mallory(**header) -> str:
    """Return a token that mallory signed."""
    return keys.sign(signed_by="mallory", header={"kid": None} | header)


X5C = base64.b64encode(keys.certificate(signed_by="mallory").encode()).decode()
HEADERS = {
    "jwk": {"jwk": keys.jwk("RS256", "mallory")},
    "jwk under an unknown kid": {"jwk": keys.jwk("RS256", "mallory"), "kid": "mallory-RS256"},
    "jku": {"jku": EVIL},
    "jku with the issuer for a name": {"jku": f"{keys.ISSUER}@evil.example/keys"},
    "jku of the issuer": {"jku": f"{keys.ISSUER}/redirect?to={EVIL}"},
    "jku inside": {"jku": "http://169.254.169.254/latest/meta-data"},
    "x5u": {"x5u": EVIL},
    "x5u inside": {"x5u": "http://127.0.0.1:8000/"},
    "x5c": {"x5c": [X5C]},
    "x5t": {"x5t": "AAAAAAAAAAAAAAAAAAAAAAAAAAA"},
    "all of them": {"jwk": keys.jwk("RS256", "mallory"), "jku": EVIL, "x5u": EVIL, "x5c": [X5C]},
}


@pytest.mark.parametrize("brought", HEADERS)
def test_a_key_that_the_token_brings(refused, brought):  # ST-04, AT-007, AT-009, AT-010
    assert refused(mallory(**HEADERS[brought])) == "signature.invalid"


def test_a_symmetric_key_that_the_token_brings(refused):  # AT-008
    header = {"alg": "HS256", "jwk": {"kty": "oct", "k": base64url.encode(b"secret")}}
    signing_input = keys.compact(header, keys.claims()).rpartition(".")[0]
    mac = hmac.digest(b"secret", signing_input.encode(), "sha256")

    token = f"{signing_input}.{base64url.encode(mac)}"

    assert refused(token) == "algorithm.not-accepted"


@pytest.mark.parametrize("header", HEADERS.values(), ids=HEADERS)
def test_what_a_good_token_brings_along_is_not_looked_at(exchange, asked, header):  # F19, ST-32
    token = keys.sign(header=header | {"kid": keys.kid()})

    assert exchange(subject_token=token).status_code == 200
    assert asked == []


def test_an_address_in_a_claim_is_not_fetched(exchange, asked):  # ST-32, AT-058
    overage = {
        "_claim_names": {"groups": "src1"},
        "_claim_sources": {"src1": {"endpoint": EVIL}},
        "picture": EVIL,
        "jwks_uri": EVIL,
    }

    assert exchange(subject_token=keys.sign(**overage)).status_code == 200
    assert asked == []


def test_forged_tokens_reach_nobody_but_the_configured_address(
    exchange, connection, settings, asked
):  # ST-32, AT-009, AT-020
    settings.ALLOW_LOCAL_ISSUERS = True
    kids = ["../../../../dev/null", "file:///etc/passwd", "' UNION SELECT 'k", "|id", EVIL, "%00"]
    with running(answer(json.dumps(keys.jwks()).encode())) as server:
        change(connection, key_source=Connection.KeySource.JWKS, jwks_uri=server.url)

        for kid in kids:
            assert exchange(subject_token=mallory(kid=kid, jku=EVIL)).status_code == 400

    assert server.connections == 1
    assert asked == []


def jwe(**header) -> str:
    """Return five parts that look like an encrypted token."""
    protected = base64url.encode(json.dumps({"enc": "A256GCM"} | header).encode())
    return f"{protected}.{'.'.join(['AAAA'] * 4)}"


@pytest.mark.parametrize(
    "token",
    [
        jwe(alg="PBES2-HS256+A128KW", p2c=2**31 - 1, p2s="AAAA"),  # AT-023
        jwe(alg="dir", zip="DEF"),  # AT-024
        jwe(alg="RSA-OAEP-256", cty="JWT"),  # AT-025
    ],
    ids=["PBES2", "zip", "to-our-key"],
)
def test_an_encrypted_token(refused, token):  # ST-29
    assert refused(token) == "format.encrypted"


def test_parameters_of_encryption_in_a_signed_token(refused):  # AT-023, AT-024
    token = unsigned("PBES2-HS256+A128KW", ".AAAA", p2c=2**31 - 1, p2s="AAAA", zip="DEF")

    assert refused(token) == "algorithm.not-accepted"


def test_a_token_in_a_token(refused):  # ST-29, AT-026
    inner = keys.sign()
    nested = keys.sign(header={"cty": "JWT"}, payload=inner.encode())

    assert refused(nested) == "format.bad-payload"


def serialized(token: str) -> list[str]:
    """Return the JSON serializations of a token (RFC 7515 7.2)."""
    protected, payload, signature = token.split(".")
    good = {"protected": protected, "signature": signature}
    bad = good | {"signature": "AAAA"}
    return [
        json.dumps(document)
        for document in (
            {"payload": payload} | good,
            {"payload": payload, "signatures": [good]},
            {"payload": payload, "signatures": [good, bad]},
            {"payload": payload, "signatures": []},
            # Two dots: to whoever splits at them it has three parts.
            {"payload": payload, "header": {"x": f".{payload}."}} | good,
        )
    ]


@pytest.mark.parametrize("number", range(5))
def test_a_token_in_json(refused, number):  # ST-07, AT-021, AT-022
    assert refused(serialized(keys.sign())[number]).startswith("format.")


@pytest.mark.parametrize("token_type", ["jwt", "id_token", "access_token"])
def test_a_token_for_another_application_of_the_same_issuer(refused, token_type):  # ST-13, AT-051
    token = keys.sign(aud="another-client", azp="another-client")

    urn = f"urn:ietf:params:oauth:token-type:{token_type}"
    assert refused(token, subject_token_type=urn) == "audience.not-us"


@pytest.mark.parametrize("template", ["{tenantid}", "common", "*"])
def test_an_issuer_is_never_a_pattern(refused, connection, template):  # ST-26, AT-057
    Connection.objects.update(issuer=f"https://login.acme.example/{template}/v2.0")

    assert refused(keys.sign(iss="https://login.acme.example/6e1f/v2.0")) == "issuer.unknown"


def test_letters_composed_and_decomposed_are_two_subjects(
    exchange, application, alice
):  # ST-11, AT-046
    change(application, prioritize_local=True, mandate_local=True)
    alice.links.update(subject="jos\u00e9")

    assert exchange(subject_token=keys.sign(sub="jos\u00e9")).status_code == 200
    assert exchange(subject_token=keys.sign(sub="jose\u0301")).status_code == 400


@pytest.mark.parametrize(
    "subject", ["\u202eevil", "a\u200bb", "{{7*7}}", "${jndi:ldap://x}", "%(asctime)s", "<b>"]
)
def test_an_odd_subject_is_only_text(exchange, subject, watch):  # AT-031, AT-036
    response = exchange(subject_token=keys.sign(sub=subject, __proto__={"a": 1}, __class__="x"))

    assert response.status_code == 200
    assert ExchangeRecord.objects.get().subject == subject


@pytest.mark.parametrize("changes", [{}, {"audience": None, "scope": "orders.read"}])
def test_a_bad_subject_token_never_ends_in_a_token_for_the_client(
    refused, application, changes
):  # ST-35, AT-095
    change(application, grant_types=application.grant_types | {"client_credentials"})

    assert refused("not-a-token", **changes) == "format.not-compact"


def test_another_connections_good_token_is_told_nothing(exchange, application):  # TE-20, AT-094
    change(application, connection_choice="selected")
    unknown = exchange(subject_token=keys.sign(iss="https://unknown.example")).json()

    forbidden = exchange().json()

    assert forbidden["error_description"] == unknown["error_description"]
