"""
Read uploaded certificates: PEM or DER, one or a chain, and nothing that should not be there.

Pure: no Django. The file's name is never looked at; what the bytes are decides (AT-073).
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import MD5, SHA1, SHA256
from cryptography.hazmat.primitives.serialization import Encoding

from connections.certificate_input import (
    UPLOAD,
    CertificateRefused,
    PrivateKeyRefused,
    der_certificates,
)
from connections.key_policy import CURVE_NAMES, UnusableKey
from connections.keys import check_named_curve, from_public_key

__all__ = [
    "CertificateRefused",
    "ParsedCertificate",
    "PrivateKeyRefused",
    "check_validity",
    "parse",
]

MAXIMUM_NAME = 500  # characters
MALFORMED = (
    ValueError,
    UnsupportedAlgorithm,
    x509.DuplicateExtension,
    x509.InvalidVersion,
    x509.UnsupportedGeneralNameType,
)


@dataclass(frozen=True, slots=True)
class ParsedCertificate:
    """A certificate whose key may sign tokens. `fingerprint` is its SHA-256 in lower-case hex."""

    pem: str
    fingerprint: str
    subject: str
    issuer_name: str
    serial_number: str
    key_description: str
    not_before: datetime
    not_after: datetime
    public_key: object


def parse(data: bytes) -> list[ParsedCertificate]:
    """
    Return the certificates of signers in the input.

    Of a chain that is the end: whoever issued another certificate of the input is an authority,
    and an authority's key does not sign tokens. Raises CertificateRefused with a sentence that
    says what to upload instead, and PrivateKeyRefused where a private key is in the input.
    """
    encoded = dict.fromkeys(der_certificates(data))
    try:
        found = [x509.load_der_x509_certificate(der) for der in encoded]
        return [_checked(certificate) for certificate in _signers(found)]
    except MALFORMED:  # the library reads some parts only when they are asked for
        raise CertificateRefused(
            "The certificate is damaged. Export it again from the issuer."
        ) from None


def check_validity(certificate: ParsedCertificate, now: datetime) -> None:
    """
    Refuse an expired certificate.

    One that is not valid yet is welcome: it is uploaded before the issuer begins to use it.
    Raises CertificateRefused.
    """
    if certificate.not_after < now:
        day = f"{certificate.not_after:%Y-%m-%d}"
        raise CertificateRefused(f"The certificate expired on {day}. Upload the one in use now.")


def _signers(found: Sequence[x509.Certificate]) -> list[x509.Certificate]:
    """Leave out whoever issued another certificate of the input, and refuse other authorities."""
    signers = [one for one in found if not any(_has_issued(one, other) for other in found)]
    # `openssl req -x509` calls what it makes an authority: where nobody else issued anything,
    # such a certificate signs tokens itself.
    alone = all(map(_is_self_signed, found))
    if not signers or (any(map(_is_authority, signers)) and not alone):
        raise CertificateRefused(
            f"This contains an authority's certificate that issued no other one here. {UPLOAD}"
        )
    return signers


def _has_issued(one: x509.Certificate, other: x509.Certificate) -> bool:
    # Two that signed themselves may share a name, as when the key is changed: both are signers.
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


def _checked(certificate: x509.Certificate) -> ParsedCertificate:
    """Judge a signer's certificate, and return what is shown and kept of it."""
    _check_signature_hash(certificate)
    _check_key_usage(certificate)
    if certificate.not_valid_after_utc < certificate.not_valid_before_utc:
        raise CertificateRefused("The certificate ends before it begins. Get a new one.")
    try:
        public_key = from_public_key(certificate.public_key()).public_key
        check_named_curve(public_key, certificate.public_bytes(Encoding.DER))
    except UnusableKey as problem:
        raise CertificateRefused(f"The key of the certificate cannot be used. {problem}") from None
    except (ValueError, UnsupportedAlgorithm):
        raise CertificateRefused(
            "The key of the certificate is of a kind that does not sign tokens: "
            "RSA, EC (P-256, P-384, P-521) and Ed25519 do."
        ) from None
    return ParsedCertificate(
        pem=certificate.public_bytes(Encoding.PEM).decode(),
        fingerprint=certificate.fingerprint(SHA256()).hex(),
        subject=_name(certificate.subject),
        issuer_name=_name(certificate.issuer),
        serial_number=f"{certificate.serial_number:x}"[:64],
        key_description=_describe(public_key),
        not_before=certificate.not_valid_before_utc,
        not_after=certificate.not_valid_after_utc,
        public_key=public_key,
    )


def _check_signature_hash(certificate: x509.Certificate) -> None:
    """Refuse MD5 and SHA-1: two certificates can be made to share such a signature (AT-071)."""
    try:
        weak = isinstance(certificate.signature_hash_algorithm, MD5 | SHA1)
    except UnsupportedAlgorithm:
        weak = True
    if weak:
        raise CertificateRefused("The certificate is signed with SHA-1 or older. Get a new one.")


def _check_key_usage(certificate: x509.Certificate) -> None:
    """Refuse a key that its certificate says is for something else than signatures (RFC 5280)."""
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return
    if not usage.digital_signature:
        raise CertificateRefused(
            "The certificate is not for signatures: its key usage lacks digitalSignature. "
            "Upload the certificate of the key that signs tokens."
        )


def _name(name: x509.Name) -> str:
    """Return a stranger's name as text: bounded, without control characters."""
    text = name.rfc4514_string()[:MAXIMUM_NAME]
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text)


def _describe(key: object) -> str:
    if isinstance(key, rsa.RSAPublicKey):
        return f"RSA {key.key_size}"
    return (
        f"EC {CURVE_NAMES[key.curve.name]}"
        if isinstance(key, ec.EllipticCurvePublicKey)
        else "Ed25519"
    )
