"""Which key made a signature (ST-01 to ST-04, ST-30, ST-31, AT-001 to AT-019)."""

import hmac
import json

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)

from connections import base64url
from connections.jws import parse
from connections.refusal import TokenRefused
from connections.signature import MAXIMUM_CANDIDATES, find_keys, verify_signature
from tests import keys

ALL = frozenset(keys.ALGORITHMS)
RS256 = frozenset({"RS256"})
KEY = keys.verification_key()
ORDER_OF_P256 = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


def refusal(token, *trusted, algorithms=ALL):
    with pytest.raises(TokenRefused) as refused:
        verify_signature(parse(token), trusted, algorithms)
    return refused.value


def with_signature(token, change):
    signing_input, _, signature = token.rpartition(".")
    return f"{signing_input}.{base64url.encode(change(base64url.decode(signature)))}"


@pytest.mark.parametrize("alg", keys.ALGORITHMS)
def test_the_key_that_signed_is_returned(alg):
    key = keys.verification_key(alg)

    assert verify_signature(parse(keys.sign(alg=alg)), [key], {alg}) is key


# KY-14
@pytest.mark.parametrize("named", ["EdDSA", "Ed25519"])
def test_both_names_of_ed25519_are_accepted(named):
    token = keys.sign(alg="EdDSA", header={"alg": named})

    assert verify_signature(parse(token), [keys.verification_key("EdDSA")], {"EdDSA"})


# ST-01, AT-001, AT-006
@pytest.mark.parametrize(
    "alg",
    ["none", "None", "NONE", "nOnE", "", "HS256", "rs256", "RS256 ", "RS256\0", "RS1", "ES256K"],
)
def test_refuses_an_algorithm_that_is_not_in_the_table(alg):
    token = keys.sign(header={"alg": alg})

    assert refusal(token, KEY).reason == "algorithm.not-accepted"


def test_refuses_none_even_where_it_was_allowed():
    token = keys.sign(header={"alg": "none"})

    assert refusal(token, KEY, algorithms={"none"}).reason == "algorithm.not-accepted"


def test_refuses_an_algorithm_that_the_connection_does_not_accept():
    refused = refusal(keys.sign(alg="PS256"), keys.verification_key("PS256"), algorithms=RS256)

    assert (refused.reason, refused.found, refused.wanted) == (
        "algorithm.not-accepted",
        "PS256",
        "RS256",
    )


# AT-002, AT-003
@pytest.mark.parametrize("alg", ["HS256", "HS384", "HS512"])
@pytest.mark.parametrize(
    "secret",
    [
        pytest.param(
            KEY.public_key.public_bytes(
                serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
            ),
            id="PEM",
        ),
        pytest.param(keys.certificate().encode(), id="certificate"),
        pytest.param(json.dumps(keys.jwk()).encode(), id="JWK"),
        pytest.param(b"", id="nothing"),
    ],
)
def test_refuses_hmac_with_what_is_public(alg, secret):
    signing_input = keys.sign(header={"alg": alg}).rpartition(".")[0]
    mac = hmac.digest(secret, signing_input.encode(), f"sha{alg[2:]}")

    refused = refusal(f"{signing_input}.{base64url.encode(mac)}", KEY, algorithms=ALL | {alg})

    assert refused.reason == "algorithm.not-accepted"


# ST-03, AT-004, AT-005
@pytest.mark.parametrize(
    ("alg", "key"),
    [
        ("RS256", keys.verification_key("ES256")),
        ("ES256", keys.verification_key("RS256")),
        ("ES256", keys.verification_key("ES384")),
        ("EdDSA", keys.verification_key("ES256")),
        ("RS384", keys.verification_key("RS256")),
        ("RS512", keys.verification_key("RS256")),
        ("PS256", keys.verification_key("RS256")),
        ("RS256", keys.verification_key("ES256", alg=None)),
        ("ES256", keys.verification_key("RS256", alg=None)),
        ("ES256", keys.verification_key("ES384", alg=None)),
        ("EdDSA", keys.verification_key("ES256", alg=None)),
        ("ES256", keys.verification_key("EdDSA", alg=None)),
    ],
)
def test_refuses_an_algorithm_that_does_not_fit_the_key(alg, key):
    token = keys.sign(alg=alg, header={"kid": key.kid})

    assert refusal(token, key).reason == "algorithm.key-mismatch"


def test_a_key_that_names_no_algorithm_serves_all_that_fit():
    key = keys.verification_key("RS256", alg=None)
    forged = keys.compact({"alg": "PS256", "kid": key.kid}, keys.claims(), b"")
    signing_input = forged.rpartition(".")[0]
    pss = padding.PSS(padding.MGF1(hashes.SHA256()), salt_length=32)
    signature = keys.private_key().sign(signing_input.encode(), pss, hashes.SHA256())

    token = parse(f"{signing_input}.{base64url.encode(signature)}")

    assert verify_signature(token, [key], ALL) is key


# ST-04, AT-007 to AT-010
def test_refuses_a_key_that_the_token_brings():
    mallory = keys.jwk("RS256", "mallory")
    brought = {"jwk": mallory, "jku": "https://evil.example", "x5u": "https://evil.example"}
    token = keys.sign(signed_by="mallory", header=brought | {"x5c": ["MII"], "kid": KEY.kid})

    assert refusal(token, KEY).reason == "signature.invalid"


# ST-30
def test_refuses_a_kid_that_is_not_published():
    refused = refusal(keys.sign(header={"kid": "other"}), KEY)

    assert refused.reason == "signature.unknown-key"
    assert (refused.found, refused.wanted) == ("other", KEY.kid)
    assert KEY.kid not in refused.description


def test_refuses_every_token_of_an_issuer_without_keys():
    assert refusal(keys.sign()).reason == "signature.no-usable-key"


# ST-02, AT-019
def test_refuses_the_key_of_somebody_else_under_the_same_kid():
    token = keys.sign(signed_by="mallory", header={"kid": KEY.kid})

    assert refusal(token, KEY).reason == "signature.invalid"


# KY-09, AT-066
@pytest.mark.parametrize("turn", [1, -1])
def test_two_keys_under_one_kid_are_both_tried(turn):
    twins = [keys.verification_key("RS256", who, kid="same") for who in ("acme", "mallory")]

    key = verify_signature(parse(keys.sign(header={"kid": "same"})), twins[::turn], ALL)

    assert key is twins[0]


@pytest.mark.parametrize("header", [{"kid": None}, {"kid": "unknown"}])
def test_a_key_without_kid_is_tried_whatever_the_token_says(header):
    key = keys.verification_key(kid=None)

    assert verify_signature(parse(keys.sign(header=header)), [key], ALL) is key


def test_without_kid_the_keys_that_fit_are_tried():
    trusted = [keys.verification_key(alg) for alg in ("ES256", "PS256", "RS256")]

    assert verify_signature(parse(keys.sign(header={"kid": None})), trusted, ALL) is trusted[2]


# ST-31
def test_without_kid_at_most_five_keys_are_tried():
    trusted = [keys.verification_key("RS256", "mallory", kid=str(n)) for n in range(1000)]
    token = parse(keys.sign(header={"kid": None}))

    assert len(find_keys(token, trusted, "RS256")) == MAXIMUM_CANDIDATES == 5


def test_the_certificate_that_the_token_names_is_the_only_one_tried():
    named = keys.verification_key("RS256", "mallory", kid=None, x5t_s256="named")
    other = keys.verification_key("RS256", kid=None, x5t_s256="other")
    token = keys.sign(header={"x5t#S256": "named"})

    assert refusal(token, other, named).reason == "signature.invalid"


@pytest.mark.parametrize("x5t", ["unknown", "", None, 1, ["other"]])
def test_every_certificate_is_tried_where_the_token_names_none_of_them(x5t):
    key = keys.verification_key("RS256", kid=None, x5t_s256="other")
    token = keys.sign(header={"x5t#S256": x5t})

    assert verify_signature(parse(token), [key], ALL) is key


def test_a_token_that_names_no_certificate_may_be_of_any():
    signer = keys.verification_key("RS256", kid=None, x5t_s256="signer")
    other = keys.verification_key("RS256", "mallory", kid=None)

    assert verify_signature(parse(keys.sign()), [other, signer], ALL) is signer


# AT-015
@pytest.mark.parametrize("alg", keys.ALGORITHMS)
@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda octets: octets[:-1], id="shorter"),
        pytest.param(lambda octets: octets + b"\0", id="longer"),
        pytest.param(lambda octets: b"\0" + octets, id="a zero before"),
        pytest.param(lambda octets: bytes(len(octets)), id="all zero"),  # AT-013
        pytest.param(lambda octets: octets[:-1] + bytes([octets[-1] ^ 1]), id="one bit"),
        pytest.param(lambda _: keys.ANY_SIGNATURE, id="another"),
    ],
)
def test_refuses_a_signature_that_was_changed(alg, change):
    token = with_signature(keys.sign(alg=alg), change)

    assert refusal(token, keys.verification_key(alg)).reason == "signature.invalid"


@pytest.mark.parametrize("alg", keys.ALGORITHMS)
def test_refuses_the_signature_of_another_token(alg):
    signature = keys.sign(alg=alg, sub="alice").rpartition(".")[2]
    token = keys.sign(alg=alg, sub="bob").rpartition(".")[0]

    refused = refusal(f"{token}.{signature}", keys.verification_key(alg))

    assert refused.reason == "signature.invalid"


# AT-013, AT-014
@pytest.mark.parametrize(
    ("r", "s"), [(0, 0), (1, 1), (1, 0), (ORDER_OF_P256, 1), (1, ORDER_OF_P256)]
)
def test_refuses_special_numbers_as_ecdsa_signature(r, s):
    token = with_signature(keys.sign(alg="ES256"), lambda _: r.to_bytes(32) + s.to_bytes(32))

    assert refusal(token, keys.verification_key("ES256")).reason == "signature.invalid"


def test_refuses_an_ecdsa_signature_in_der():
    def to_der(octets):
        return encode_dss_signature(int.from_bytes(octets[:32]), int.from_bytes(octets[32:]))

    token = with_signature(keys.sign(alg="ES256"), to_der)

    assert decode_dss_signature(base64url.decode(token.rpartition(".")[2]))
    assert refusal(token, keys.verification_key("ES256")).reason == "signature.invalid"


# AT-018
@pytest.mark.parametrize(
    "pss",
    [
        pytest.param(padding.PSS(padding.MGF1(hashes.SHA256()), salt_length=0), id="salt"),
        pytest.param(padding.PSS(padding.MGF1(hashes.SHA384()), salt_length=32), id="MGF"),
    ],
)
def test_refuses_pss_with_other_parameters(pss):
    token = keys.sign(alg="PS256")
    text = token.rpartition(".")[0].encode()
    signature = keys.private_key("PS256").sign(text, pss, hashes.SHA256())

    refused = refusal(with_signature(token, lambda _: signature), keys.verification_key("PS256"))

    assert refused.reason == "signature.invalid"
