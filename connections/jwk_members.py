"""
The members of a JWK that make its public key (RFC 7518 6, RFC 8037 2).

Pure: no Django.
"""

from collections.abc import Callable, Mapping
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from connections import base64url, rsa_strength
from connections.excerpt import excerpt
from connections.key_policy import CURVES, PublicKey, UnusableKey


def public_key(jwk: Mapping[str, Any]) -> PublicKey:
    """
    Read the public key that a JWK describes.

    Raises UnusableKey where the policy refuses it, or a member is missing or malformed.
    """
    kty = jwk.get("kty")
    if not isinstance(kty, str) or kty not in _READERS:
        raise UnusableKey(f"Keys of kty {excerpt(kty)} cannot be used: use RSA, EC or OKP.")
    return _READERS[kty](jwk)


def coordinate_size(curve: ec.EllipticCurve) -> int:
    """Return how many octets a coordinate has (RFC 7518 6.2.1.2)."""
    return (curve.key_size + 7) // 8


def _octets(jwk: Mapping[str, Any], member: str) -> bytes:
    value = jwk.get(member)
    try:
        octets = base64url.decode(value) if isinstance(value, str) else b""
    except ValueError:
        octets = b""
    if not octets:
        raise UnusableKey(f"The member {member} of the key is missing or not base64url.")
    return octets


_READERS: Mapping[str, Callable[[Mapping[str, Any]], PublicKey]] = {
    "RSA": _rsa_public_key,
    "EC": _ec_public_key,
    "OKP": _okp_public_key,
}
