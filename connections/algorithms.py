"""
The signature algorithms we verify, and the kind of key each one needs (RFC 7518 3, RFC 8037).

A closed table of asymmetric algorithms: `none` and HMAC are not in it and cannot be configured.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Algorithm:
    """What an `alg` value demands of a key: its `kty`, and for curves its `crv`."""

    kty: str
    crv: str = ""


# fmt: off
ALGORITHMS = {
    "RS256": Algorithm("RSA"),
    "RS384": Algorithm("RSA"),
    "RS512": Algorithm("RSA"),
    "PS256": Algorithm("RSA"),
    "PS384": Algorithm("RSA"),
    "PS512": Algorithm("RSA"),
    "ES256": Algorithm("EC", "P-256"),
    "ES384": Algorithm("EC", "P-384"),
    "ES512": Algorithm("EC", "P-521"),
    "EdDSA": Algorithm("OKP", "Ed25519"),
}
# fmt: on
