"""
Who of several certificates signs tokens, and who only issued the certificate of another.

Pure: no Django.
"""

from collections.abc import Sequence
from contextlib import suppress

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.hashes import SHA256, SHA384, SHA512

from connections.certificate_file import WHAT_TO_UPLOAD, CertificateRefused

# What the library raises, also when a part of a certificate is asked for later.
MALFORMED = (
    ValueError,
    UnsupportedAlgorithm,
    x509.DuplicateExtension,
    x509.InvalidVersion,
    x509.UnsupportedGeneralNameType,
)


def signers(found: Sequence[x509.Certificate]) -> list[x509.Certificate]:
    """
    Leave out whoever issued another of the certificates: an authority's key signs no tokens.

    At least one is left. Raises CertificateRefused for an authority that issued none of the others,
    and for a signature with a weak hash.
    """
    ends = [one for one in found if not any(_has_issued(one, other) for other in found)]
    for one in ends:  # a signature by SHA-1 is not verified, so it seems to issue nothing
        _check_hash(one)
    # `openssl req -x509` calls what it makes an authority: alone, it signs tokens itself.
    alone = all(map(_is_self_signed, found))
    if not ends or (any(map(_is_authority, ends)) and not alone):
        raise CertificateRefused(
            "It has a certificate of an authority that issued none of the others. " + WHAT_TO_UPLOAD
        )
    return ends


def _has_issued(one: x509.Certificate, other: x509.Certificate) -> bool:
    # Two that signed themselves may share a name and a key, as when one is renewed (KY-08).
    return not _is_self_signed(other) and _has_signed(one, other)


def _is_self_signed(certificate: x509.Certificate) -> bool:
    return _has_signed(certificate, certificate)


def _has_signed(one: x509.Certificate, other: x509.Certificate) -> bool:
    try:
        other.verify_directly_issued_by(one)
    except (InvalidSignature, TypeError, *MALFORMED):
        return False
    return True


def _is_authority(certificate: x509.Certificate) -> bool:
    with suppress(x509.ExtensionNotFound):
        return certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    return False


def _check_hash(certificate: x509.Certificate) -> None:
    """Refuse SHA-1 and older, with which two certificates can share a signature (AT-071)."""
    # Ed25519 brings its own hash.
    if not isinstance(certificate.signature_hash_algorithm, SHA256 | SHA384 | SHA512 | None):
        raise CertificateRefused(
            "The certificate is not signed with SHA-256, SHA-384 or SHA-512: SHA-1 can be forged. "
            "Ask the issuer for a new one."
        )
