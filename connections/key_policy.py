"""
Which kinds of public key may verify a signature, whatever they were read from.

Pure: no Django.
"""

from collections.abc import Mapping

from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from connections import rsa_strength

type PublicKey = rsa.RSAPublicKey | ec.EllipticCurvePublicKey | ed25519.Ed25519PublicKey

CURVES: Mapping[str, ec.EllipticCurve] = {
    "P-256": ec.SECP256R1(),
    "P-384": ec.SECP384R1(),
    "P-521": ec.SECP521R1(),
}
CURVE_NAMES = {curve.name: name for name, curve in CURVES.items()}


class UnusableKey(Exception):
    """Refuse a key, with one sentence for an administrator."""


class SecretKeyPublished(UnusableKey):
    """Refuse a secret that stands where only public keys may: its owner must replace it."""


def check_strength(public_key: object) -> PublicKey:
    """
    Return the key, unless it is of another kind, size or curve, or known to be weak (KY-05).

    Raises UnusableKey.
    """
    if isinstance(public_key, ed25519.Ed25519PublicKey):
        return public_key
    if isinstance(public_key, rsa.RSAPublicKey):
        numbers = public_key.public_numbers()
        if weakness := rsa_strength.weakness(n=numbers.n, e=numbers.e):
            raise UnusableKey(weakness)
        return public_key
    if isinstance(public_key, ec.EllipticCurvePublicKey):
        if public_key.curve.name not in CURVE_NAMES:
            name = public_key.curve.name
            raise UnusableKey(f"EC key on the curve {name}: use {', '.join(CURVES)}.")
        return public_key
    raise UnusableKey("A key of this kind cannot be used: use RSA, EC or Ed25519.")
