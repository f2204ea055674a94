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


def _rsa_public_key(jwk: Mapping[str, Any]) -> rsa.RSAPublicKey:
    n, e = (int.from_bytes(_octets(jwk, member)) for member in ("n", "e"))
    # Judged before the library sees them: it refuses some with words of its own.
    if weakness := rsa_strength.weakness(n=n, e=e):
        raise UnusableKey(weakness)
    return rsa.RSAPublicNumbers(n=n, e=e).public_key()


def _ec_public_key(jwk: Mapping[str, Any]) -> ec.EllipticCurvePublicKey:
    crv = jwk.get("crv")
    if not isinstance(crv, str) or crv not in CURVES:
        raise UnusableKey(f"EC key on the curve {excerpt(crv)}: use {', '.join(CURVES)}.")
    x, y = (_octets(jwk, member) for member in ("x", "y"))
    size = coordinate_size(CURVES[crv])
    if len(x) != size or len(y) != size:
        raise UnusableKey(f"Each coordinate of a {crv} key has {size} octets.")
    try:
        numbers = ec.EllipticCurvePublicNumbers(int.from_bytes(x), int.from_bytes(y), CURVES[crv])
        return numbers.public_key()
    except ValueError:
        raise UnusableKey(f"The point of the EC key is not on the curve {crv}.") from None


def _okp_public_key(jwk: Mapping[str, Any]) -> ed25519.Ed25519PublicKey:
    if jwk.get("crv") != "Ed25519":
        raise UnusableKey(f"OKP key on the curve {excerpt(jwk.get('crv'))}: use Ed25519.")
    try:
        return ed25519.Ed25519PublicKey.from_public_bytes(_octets(jwk, "x"))
    except ValueError:
        raise UnusableKey("The x of an Ed25519 key has 32 octets.") from None


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
