"""One key policy for every source (KY-05, KY-06, AT-060 to AT-065)."""

from pathlib import Path

import gmpy2
import pytest
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, rsa
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from hypothesis import given
from hypothesis import strategies as st

from connections import base64url, rsa_strength
from connections.keys import (
    SecretKeyPublished,
    UnusableKey,
    VerificationKey,
    check_named_curve,
    from_jwk,
    from_public_key,
    thumbprint,
    to_public_jwk,
)
from tests import keys

BADKEYS = Path(__file__).parents[1] / "vectors" / "badkeys"
# A good modulus to spoil, one property at a time.
N = keys.private_key("RS256").public_key().public_numbers().n
# RFC 7638 3.1, whose private half RFC 7517 prints.
RFC_7638 = {
    "kty": "RSA",
    "e": "AQAB",
    "n": (
        "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_B"
        "JECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FD"
        "W2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vM"
        "QFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw"
    ),
}


def encoded(number: int) -> str:
    return base64url.encode(number.to_bytes((number.bit_length() + 7) // 8))


def refusal(jwk: dict) -> UnusableKey:
    with pytest.raises(UnusableKey) as refused:
        from_jwk(jwk)
    return refused.value


@pytest.mark.parametrize("alg", keys.ALGORITHMS)
def test_a_good_key_is_read_and_written_as_it_was(alg):
    key = from_jwk(keys.jwk(alg))

    assert key.public_key == keys.private_key(alg).public_key()
    assert (key.kid, key.alg) == (f"acme-{alg}", alg)
    assert from_jwk(to_public_jwk(key)) == key


def test_only_what_we_read_is_written():
    jwk = keys.jwk(x5c=["MII"], x5u="https://evil.example", extra=1, **{"x5t#S256": "abc"})

    assert to_public_jwk(from_jwk(jwk)).keys() == {"kty", "n", "e", "kid", "alg", "x5t#S256"}


@pytest.mark.parametrize(
    "changes",
    [
        {"kid": None},
        {"alg": None},
        {"use": None},
        {"use": None, "key_ops": ["verify"]},
        {"key_ops": ["sign", "verify"]},
        {"x5t#S256": "abc"},
    ],
)
def test_members_that_may_be_there_or_not(changes):
    assert isinstance(from_jwk(keys.jwk(**changes)), VerificationKey)


# KY-14
@pytest.mark.parametrize("alg", ["EdDSA", "Ed25519"])
def test_both_names_of_ed25519_are_one(alg):
    assert from_jwk(keys.jwk("EdDSA", alg=alg)).alg == "EdDSA"


# KY-06, AT-064
@pytest.mark.parametrize("member", ["d", "p", "q", "dp", "dq", "qi", "oth", "k"])
def test_a_private_member_is_a_published_secret(member):
    secret = refusal(keys.jwk(**{member: "AQAB-secret"}))

    assert isinstance(secret, SecretKeyPublished)
    assert "AQAB-secret" not in str(secret)


def test_a_symmetric_key_is_a_published_secret():
    assert isinstance(refusal({"kty": "oct"}), SecretKeyPublished)


# KY-06, AT-065
@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"use": "enc"}, "not sig"),
        ({"use": ["sig"]}, "not sig"),
        ({"key_ops": ["encrypt"]}, "key_ops"),
        ({"key_ops": []}, "key_ops"),
        ({"key_ops": "verify"}, "key_ops"),
        ({"alg": "RSA-OAEP"}, "not one we verify"),
        ({"alg": "none"}, "not one we verify"),
        ({"alg": "HS256"}, "not one we verify"),
        ({"alg": "ES256"}, "does not fit"),
        ({"alg": 1}, "not text"),
        ({"kid": 1}, "not text"),
        ({"kid": "k" * 257}, "not text"),
        ({"kty": "AKP"}, "use RSA, EC or OKP"),
        ({"kty": None}, "use RSA, EC or OKP"),
        ({"kty": ["RSA"]}, "use RSA, EC or OKP"),
        ({"n": None}, "member n"),
        ({"n": ""}, "member n"),
        ({"n": 3}, "member n"),
        ({"e": "AQAB="}, "member e"),
        ({"e": "AQ+B"}, "member e"),
    ],
)
def test_refuses_an_rsa_key_with(changes, words):
    assert words in str(refusal(keys.jwk(**changes)))


# AT-062
@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"crv": "P-192"}, "on the curve P-192"),
        ({"crv": "secp256k1"}, "on the curve secp256k1"),
        ({"crv": None}, "on the curve null"),
        ({"crv": ["P-256"]}, "on the curve"),
        ({"crv": "P-384", "alg": None}, "48 octets"),
        ({"x": base64url.encode(bytes(32)), "y": base64url.encode(bytes(32))}, "not on the curve"),
        ({"y": base64url.encode(b"\1" * 32)}, "not on the curve"),
        ({"x": base64url.encode(b"\0" + b"\1" * 32)}, "32 octets"),
        ({"x": base64url.encode(b"\1" * 31)}, "32 octets"),
        ({"y": base64url.encode(b"\1" * 31)}, "32 octets"),
        ({"y": None}, "member y"),
        ({"alg": "ES384"}, "does not fit"),
        ({"alg": "ES521"}, "not one we verify"),
    ],
)
def test_refuses_an_ec_key_with(changes, words):
    assert words in str(refusal(keys.jwk("ES256", **changes)))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"crv": "X25519"}, "use Ed25519"),
        ({"crv": "Ed448"}, "use Ed25519"),
        ({"x": base64url.encode(b"\1" * 31)}, "32 octets"),
        ({"x": None}, "member x"),
    ],
)
def test_refuses_an_okp_key_with(changes, words):
    assert words in str(refusal(keys.jwk("EdDSA", **changes)))


# AT-060
@pytest.mark.parametrize(
    ("numbers", "words"),
    [
        pytest.param({"n": N >> 1024}, "1024 bits: at least 2048", id="1024 bits"),
        pytest.param({"n": (N >> 1) | 1}, "2047 bits: at least 2048", id="2047 bits"),
        pytest.param({"n": (N << 6145) | 1}, "8193 bits: at most 8192", id="8193 bits"),
        pytest.param({"n": (N << 14336) | 1}, "at most 8192", id="16384 bits"),
        pytest.param({"n": N + 1}, "even modulus", id="even modulus"),
        pytest.param({"n": 0}, "member n", id="no modulus"),
        pytest.param({"n": 3}, "2 bits", id="tiny modulus"),
        pytest.param({"n": int(gmpy2.next_prime(N))}, "is a prime", id="prime modulus"),
        pytest.param({"e": 1}, "weak exponent", id="e = 1"),
        pytest.param({"e": 2}, "weak exponent", id="e = 2"),
        pytest.param({"e": 3}, "weak exponent", id="e = 3"),
        pytest.param({"e": 65535}, "weak exponent", id="e = 65535"),
        pytest.param({"e": 65538}, "weak exponent", id="even e"),
        pytest.param({"e": 2**64 + 1}, "more than 64 bits", id="e of 65 bits"),
        pytest.param({"e": N + 2}, "more than 64 bits", id="e > n"),
    ],
)
def test_refuses_rsa_numbers(numbers, words):
    members = {name: encoded(number) for name, number in numbers.items()}

    assert words in str(refusal(keys.jwk(**members)))


@pytest.mark.parametrize("bits", [2048, 3072, 4096])
def test_accepts_rsa_of_the_usual_sizes(bits):
    numbers = rsa.generate_private_key(65537, bits).public_key().public_numbers()

    assert rsa_strength.weakness(n=numbers.n, e=numbers.e) is None


# KY-05, AT-061
@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("rsa-roca", "ROCA"),
        ("rsa-fermat-pkcs8", "too close together"),
        ("rsa-sharedprimes", "another published key"),
        ("rsa-smallfactors-valid", "small factor"),
        ("rsa-smallfactors-corrupt", "small factor"),
        ("rsapoly128", "pattern"),
        ("rsa-pattern", "pattern"),
        ("rsa-nprime", "is a prime"),
        ("rsa-small-d", "more than 64 bits"),
        ("ed25519-rfc-example", "RFC 8410"),
        ("x448-ok", "of this kind"),
    ],
)
def test_refuses_a_key_that_is_known_to_be_bad(name, words):
    public_key = load_pem_public_key((BADKEYS / f"{name}.key").read_bytes())

    with pytest.raises(UnusableKey, match=words):
        from_public_key(public_key)


def test_refuses_a_modulus_that_repeats_itself():
    stamped = N & ~(0xFFFF << 1024) | 1
    for place in range(1024, 1024 + 8 * 18, 8):
        stamped = stamped & ~(0xFF << place) | 0xAB << place

    while rsa_strength.checkrsa(stamped, checks=["smallfactors"]):
        stamped += 2  # or it would be refused for that

    assert "repeats itself" in str(refusal(keys.jwk(n=encoded(stamped))))


# AT-063
def test_refuses_a_curve_that_is_spelled_out():
    text = (BADKEYS / "ecdsa-explicit-pub.key").read_text()
    public_key = load_pem_public_key(text.encode())

    with pytest.raises(UnusableKey, match="explicit parameters"):
        check_named_curve(public_key, text.encode())


@pytest.mark.parametrize(
    "public_key",
    [
        pytest.param(ec.generate_private_key(ec.SECP256K1()).public_key(), id="secp256k1"),
        pytest.param(ec.generate_private_key(ec.BrainpoolP256R1()).public_key(), id="brainpool"),
        pytest.param(ed448.Ed448PrivateKey.generate().public_key(), id="Ed448"),
        pytest.param(dsa.generate_private_key(2048).public_key(), id="DSA"),
        pytest.param(keys.private_key(), id="private key"),
        pytest.param("text", id="text"),
    ],
)
def test_refuses_a_key_of_another_kind(public_key):
    with pytest.raises(UnusableKey):
        from_public_key(public_key)


# AT-061
def test_refuses_a_key_printed_in_an_rfc():
    assert str(refusal(RFC_7638)).startswith("Example key of RFC 7517")


def test_the_thumbprint_is_that_of_rfc_7638():
    number = int.from_bytes(base64url.decode(RFC_7638["n"]))
    key = VerificationKey(rsa.RSAPublicNumbers(65537, number).public_key(), "RSA")

    assert thumbprint(key) == "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"


@pytest.mark.parametrize("alg", ["RS256", "ES512", "EdDSA"])
def test_the_thumbprint_ignores_what_is_said_about_the_key(alg):
    assert thumbprint(keys.verification_key(alg)) == thumbprint(
        keys.verification_key(alg, kid=None, alg=None)
    )


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda values: st.lists(values) | st.dictionaries(st.text(), values),
)
MEMBERS = ["kty", "n", "e", "crv", "x", "y", "kid", "alg", "use", "key_ops", "x5t#S256", "d"]


@given(
    st.sampled_from(["RS256", "ES256", "EdDSA"]),
    st.dictionaries(st.sampled_from(MEMBERS), JSON | st.binary(max_size=70).map(base64url.encode)),
)
def test_any_jwk_is_a_key_or_a_refusal(alg, changes):
    try:
        key = from_jwk(keys.jwk(alg) | changes)
    except UnusableKey as refused:
        sentence = str(refused)
    else:
        assert from_jwk(to_public_jwk(key)) == key
        return

    assert sentence.endswith(".")
    assert sentence.isprintable()
