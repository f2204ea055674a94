"""
Which kinds of public key may verify a signature, whatever they were read from.

Pure: no Django.
"""

from collections.abc import Mapping

from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from connections import rsa_strength

type PublicKey = rsa.RSAPublicKey | ec.EllipticCurvePublicKey | ed25519.Ed25519PublicKey

CURVES: Mapping[str, ec.EllipticCurve] = {
    "P-256": ec.SECP256R1(),
    "P-384": ec.SECP384R1(),
    "P-521": ec.SECP521R1(),
}
CURVE_NAMES = {curve.name: name for name, curve in CURVES.items()}

# Keys whose private half is printed in an RFC, by JWK thumbprint: they sign a great many examples.
# fmt: off
PRINTED_IN = {
    "IsUn6_e04MaShXFIISMp4kG62LWzMIPy_MvSA5pJgX8": "RFC 7515",
    "oKIywvGUpTVTyxMQ3bwIIeQUudfr_CkLMjCE19ECD-U": "RFC 7515",
    "u5YUSjQ2-2chBi51NSk3t3g7IM4o2KYcnPqPtCNGd3U": "RFC 7515",
    "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs": "RFC 7517",
    "9jg46WB3rR_AHD-EBXdN7cBkH1WOu0tA3M9fm21mqTI": "RFC 7520",
    "dHri3SADZkrush5HU_50AoRhcKFryN-PI6jPBtPL55M": "RFC 7520",
    "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k": "RFC 8037",
    "3YZxBJ12jO3n_mXt_q-j_Z-TFP1vt-NiI3OCf-fEnHQ": "RFC 8410",
    "2Adrg41OmmlV3DfecmcVTVFAPYcsZnNR62HYhWRZJ8Y": "RFC 8946",
}
# fmt: on


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


def check_named_curve(public_key: PublicKey, encoded: bytes) -> None:
    """
    Refuse an EC key whose curve is spelled out instead of named (RFC 5480 2.1.1, CVE-2020-0601).

    `encoded` is the DER that the key was read from, or a certificate around it. Raises UnusableKey.
    """
    if not isinstance(public_key, ec.EllipticCurvePublicKey):
        return
    if public_key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo) not in encoded:
        raise UnusableKey("EC key with explicit parameters: name the curve instead.")


def check_not_printed(thumbprint: str) -> None:
    """
    Refuse a key that anybody can sign with, because an RFC prints its private half (AT-061).

    Raises UnusableKey.
    """
    if document := PRINTED_IN.get(thumbprint):
        raise UnusableKey(f"Example key of {document}: everybody knows its private half.")
