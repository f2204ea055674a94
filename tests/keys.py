"""
A token issuer for tests: it signs tokens, and publishes its keys as JWKS and certificates.

Keys are made once per process. `signed_by` names whose key it is: "acme" is the trusted issuer.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from secrets import token_urlsafe
from time import time
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from jwt.algorithms import get_default_algorithms

from connections import base64url
from connections.keys import VerificationKey, from_public_key, to_public_jwk

ISSUER = "https://login.acme.example"
AUDIENCE = "https://id.ours.example"
SUBJECT = "248289761001"
ALGORITHMS = (
    *("RS256", "RS384", "RS512", "PS256", "PS384", "PS512"),
    *("ES256", "ES384", "ES512", "EdDSA"),
)

CURVES = {"ES256": ec.SECP256R1(), "ES384": ec.SECP384R1(), "ES512": ec.SECP521R1()}
ANY_SIGNATURE = b"not a signature, but long enough to look like one to a quick reader."

type PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey


def private_key(alg: str = "RS256", signed_by: str = "acme") -> PrivateKey:
    """Return the private key with which somebody signs by an algorithm."""
    return _generate(alg, signed_by)


@cache
def _generate(alg: str, _signed_by: str) -> PrivateKey:
    if alg in CURVES:
        return ec.generate_private_key(CURVES[alg])
    if alg == "EdDSA":
        return ed25519.Ed25519PrivateKey.generate()
    return rsa.generate_private_key(65537, 2048)


def kid(alg: str = "RS256", signed_by: str = "acme") -> str:
    """Return the key id that the issuer gives this key."""
    return f"{signed_by}-{alg}"


def claims(**changes: Any) -> dict[str, Any]:
    """Return the claims of a good token, with changes; None leaves one out."""
    now = int(time())
    good = {"iss": ISSUER, "sub": SUBJECT, "aud": AUDIENCE, "exp": now + 300, "iat": now}
    return {name: value for name, value in (good | changes).items() if value is not None}


def sign(
    *,
    alg: str = "RS256",
    signed_by: str = "acme",
    header: Mapping[str, Any] | None = None,
    payload: bytes | None = None,
    **changes: Any,
) -> str:
    """
    Sign a good token, changed.

    `header` changes header parameters (None leaves one out), `payload` replaces the claims whole,
    every other argument is a claim (None leaves it out).
    """
    members = {"alg": alg, "kid": kid(alg, signed_by), "typ": "JWT"} | dict(header or {})
    members = {name: value for name, value in members.items() if value is not None}
    body = json.dumps(claims(**changes)).encode() if payload is None else payload
    signing_input = compact(members, body).rpartition(".")[0]
    signer = get_default_algorithms()[alg]
    signature = signer.sign(signing_input.encode(), private_key(alg, signed_by))
    return f"{signing_input}.{base64url.encode(signature)}"


def compact(
    header: Mapping[str, Any] | bytes, payload: Any, signature: bytes = ANY_SIGNATURE
) -> str:
    """Write a compact JWS of any parts: octets as they are, other values as JSON."""
    parts = [
        part if isinstance(part, bytes) else json.dumps(part).encode() for part in (header, payload)
    ]
    return ".".join(map(base64url.encode, (*parts, signature)))


def verification_key(
    alg: str = "RS256", signed_by: str = "acme", /, **about: Any
) -> VerificationKey:
    """Return the public key as the product reads it from the issuer's JWKS."""
    about = {"kid": kid(alg, signed_by), "alg": alg} | about
    return from_public_key(private_key(alg, signed_by).public_key(), **about)


def jwk(alg: str = "RS256", signed_by: str = "acme", /, **changes: Any) -> dict[str, Any]:
    """Return the public key as a JWK, with changed members; None leaves one out."""
    members = to_public_jwk(verification_key(alg, signed_by)) | {"use": "sig"} | changes
    return {name: value for name, value in members.items() if value is not None}


def jwks(*algs: str, signed_by: str = "acme") -> dict[str, Any]:
    """Return the issuer's JWKS: one key for each algorithm, RS256 if none is named."""
    return {"keys": [jwk(alg, signed_by) for alg in algs or ("RS256",)]}


def certificate(
    alg: str = "RS256",
    signed_by: str = "acme",
    *,
    starts: timedelta = timedelta(days=-1),
    ends: timedelta = timedelta(days=365),
) -> str:
    """Return a self-signed certificate of the key as PEM, valid from and to so far from now."""
    key = private_key(alg, signed_by)
    name = x509.Name.from_rfc4514_string(f"CN={signed_by} {alg}")
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), 1, now + starts, now + ends)
    signed = builder.sign(key, None if alg == "EdDSA" else hashes.SHA256())
    return signed.public_bytes(serialization.Encoding.PEM).decode()


def other_signature(token: str) -> str:
    """Return an ES256 token with the other valid form of its signature: n - s for s (AT-016)."""
    order = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
    signing_input, _dot, text = token.rpartition(".")
    signature = base64url.decode(text)
    s = order - int.from_bytes(signature[32:])
    return f"{signing_input}.{base64url.encode(signature[:32] + s.to_bytes(32))}"


def unique() -> str:
    """Return a jti that no other token has."""
    return token_urlsafe(12)


def header(token: str) -> dict[str, Any]:
    """Return what a token says in its header."""
    return json.loads(base64url.decode(token.partition(".")[0]))
