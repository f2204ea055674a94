"""
Which public keys may verify a signature: one policy for every source of keys.

Pure: no Django. A key comes from a JWKS, a certificate or an upload, and is judged once.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from connections import base64url, jwk_members
from connections.algorithms import ALGORITHMS
from connections.excerpt import excerpt
from connections.key_policy import (
    CURVE_NAMES,
    PublicKey,
    SecretKeyPublished,
    UnusableKey,
    check_named_curve,
    check_not_printed,
    check_strength,
)

__all__ = [
    "FULLY_SPECIFIED",
    "SecretKeyPublished",
    "UnusableKey",
    "VerificationKey",
    "check_named_curve",
    "check_strength",
    "from_jwk",
    "from_public_key",
    "thumbprint",
    "to_public_jwk",
]

# RFC 9864 gives the polymorphic EdDSA a name that says which curve.
FULLY_SPECIFIED = {"Ed25519": "EdDSA"}
PRIVATE_MEMBERS = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})
MAXIMUM_TEXT = 256


@dataclass(frozen=True, slots=True)
class VerificationKey:
    """A public key that passed the policy, and what its issuer says it is for."""

    public_key: PublicKey
    kty: str
    crv: str = ""
    kid: str | None = None
    alg: str | None = None
    x5t_s256: str | None = None


def from_jwk(jwk: Mapping[str, Any]) -> VerificationKey:
    """
    Read a public signature key from a JWK (RFC 7517 4, RFC 7518 6, RFC 8037 2).

    `alg` becomes the name in our table of algorithms. Raises UnusableKey, and SecretKeyPublished
    where the JWK holds a symmetric or private key.
    """
    check_public(jwk)
    check_purpose(jwk)
    key = from_public_key(
        jwk_members.public_key(jwk),
        kid=_optional_text(jwk, "kid"),
        x5t_s256=_optional_text(jwk, "x5t#S256"),
        alg=_algorithm(jwk),
    )
    check_pinned_algorithm(key)
    return key


def from_public_key(
    public_key: object,
    *,
    kid: str | None = None,
    alg: str | None = None,
    x5t_s256: str | None = None,
) -> VerificationKey:
    """
    Wrap a public key of the `cryptography` library, if the policy allows it.

    Raises UnusableKey.
    """
    checked = check_strength(public_key)
    if isinstance(checked, rsa.RSAPublicKey):
        kty, crv = "RSA", ""
    elif isinstance(checked, ec.EllipticCurvePublicKey):
        kty, crv = "EC", CURVE_NAMES[checked.curve.name]
    else:
        kty, crv = "OKP", "Ed25519"
    key = VerificationKey(checked, kty, crv, kid, alg, x5t_s256)
    check_not_printed(thumbprint(key))
    return key


def check_public(jwk: Mapping[str, Any]) -> None:
    """Refuse symmetric and private keys, without looking at them."""
    if jwk.get("kty") == "oct":
        raise SecretKeyPublished(
            "A symmetric key (oct) is published: everybody could sign with it."
        )
    if secret := sorted(PRIVATE_MEMBERS.intersection(jwk)):
        members = ", ".join(secret)
        raise SecretKeyPublished(f"A private key is published (members {members}): replace it.")


def check_purpose(jwk: Mapping[str, Any]) -> None:
    """Refuse keys that are not for verifying signatures (RFC 7517 4.2, 4.3)."""
    if jwk.get("use", "sig") != "sig":
        raise UnusableKey(f"The key is for the use {excerpt(jwk['use'])}, not sig.")
    operations = jwk.get("key_ops", ["verify"])
    if not isinstance(operations, list) or "verify" not in operations:
        raise UnusableKey("The key_ops of the key do not contain verify.")


def check_pinned_algorithm(key: VerificationKey) -> None:
    """Refuse a key whose `alg` needs another kind of key."""
    if key.alg is None:
        return
    needed = ALGORITHMS[key.alg]
    if (needed.kty, needed.crv) != (key.kty, key.crv):
        raise UnusableKey(f"The alg {key.alg} does not fit a key of kind {key.crv or key.kty}.")


def to_public_jwk(key: VerificationKey) -> dict[str, str]:
    """Write the key as a JWK of exactly the members that we read; the inverse of from_jwk."""
    about = {"kid": key.kid, "alg": key.alg, "x5t#S256": key.x5t_s256}
    return _required_members(key) | {
        name: value for name, value in about.items() if value is not None
    }


def to_public_jwks(jwks: object) -> list[dict[str, Any]]:
    """
    Return a list of JWKs with their public members only.

    Raises UnusableKey for the first that is not a public key we would verify with.
    """
    if not isinstance(jwks, list) or not all(isinstance(jwk, dict) for jwk in jwks):
        raise UnusableKey("Enter a list of JSON Web Keys.")
    return [to_public_jwk(from_jwk(jwk)) for jwk in jwks]


def thumbprint(key: VerificationKey) -> str:
    """Return the JWK thumbprint with SHA-256, as base64url (RFC 7638)."""
    members = _required_members(key)
    text = ",".join(f'"{name}":"{members[name]}"' for name in sorted(members))
    return base64url.encode(sha256(f"{{{text}}}".encode()).digest())


def _required_members(key: VerificationKey) -> dict[str, str]:
    """Return the members that make the key (RFC 7638 3.2, RFC 8037 2)."""
    public = key.public_key
    if isinstance(public, rsa.RSAPublicKey):
        rsa_numbers = public.public_numbers()
        return {"kty": "RSA", "n": _shortest(rsa_numbers.n), "e": _shortest(rsa_numbers.e)}
    if isinstance(public, ed25519.Ed25519PublicKey):
        return {"kty": "OKP", "crv": "Ed25519", "x": base64url.encode(public.public_bytes_raw())}
    numbers, size = public.public_numbers(), jwk_members.coordinate_size(public.curve)
    x, y = (base64url.encode(value.to_bytes(size)) for value in (numbers.x, numbers.y))
    return {"kty": "EC", "crv": key.crv, "x": x, "y": y}


def _algorithm(jwk: Mapping[str, Any]) -> str | None:
    alg = _optional_text(jwk, "alg")
    alg = FULLY_SPECIFIED.get(alg, alg) if alg else alg
    if alg is not None and alg not in ALGORITHMS:
        raise UnusableKey(f"The alg {excerpt(alg)} of the key is not one we verify.")
    return alg


def _optional_text(jwk: Mapping[str, Any], member: str) -> str | None:
    value = jwk.get(member)
    if value is None and member not in jwk:
        return None
    if not isinstance(value, str) or len(value) > MAXIMUM_TEXT:
        raise UnusableKey(
            f"The {member} of the key is not text of at most {MAXIMUM_TEXT} characters."
        )
    return value


def _shortest(number: int) -> str:
    return base64url.encode(number.to_bytes((number.bit_length() + 7) // 8))
