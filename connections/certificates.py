"""
The certificates whose keys may verify an issuer's tokens: read, judged, and described.

Pure: no Django. The issuer's key is trusted because an administrator uploads it, so nothing is
checked up to a root; a chain is accepted, and only who signs tokens is kept of it (KY-07).
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.hashes import MD5, SHA1, SHA256
from cryptography.hazmat.primitives.serialization import Encoding

from connections import certificate_file
from connections.certificate_file import CertificateRefused, PrivateKeyRefused
from connections.excerpt import excerpt
from connections.key_policy import PublicKey, UnusableKey, check_named_curve
from connections.keys import VerificationKey, from_public_key

__all__ = [
    "CertificateRefused",
    "ParsedCertificate",
    "PrivateKeyRefused",
    "check_validity",
    "parse",
]

MALFORMED = (
    ValueError,
    UnsupportedAlgorithm,
    x509.DuplicateExtension,
    x509.InvalidVersion,
    x509.UnsupportedGeneralNameType,
)


@dataclass(frozen=True, slots=True)
class ParsedCertificate:
    """A certificate that passed the policy. Times are aware, the fingerprint is lower-case hex."""

    pem: str
    fingerprint: str
    subject: str
    issuer_name: str
    serial_number: str
    key_description: str
    not_before: datetime
    not_after: datetime
    public_key: PublicKey


def parse(data: bytes) -> list[ParsedCertificate]:
    """
    Read a certificate or a chain, as PEM or DER, and return those that may sign tokens.

    An expired one is returned as well: see `check_validity`. Raises CertificateRefused with a
    sentence for an administrator, and PrivateKeyRefused where a private key is in the input.
    """
    encoded = certificate_file.read(data)
    try:
        found = [x509.load_der_x509_certificate(der) for der in dict.fromkeys(encoded)]
        return [_judge(certificate) for certificate in _signers(found)]
    except MALFORMED:
        raise CertificateRefused(
            "It has a certificate that cannot be read: it is damaged, or of a kind we do not know."
        ) from None


def check_validity(certificate: ParsedCertificate, now: datetime) -> None:
    """
    Refuse a certificate that has expired.

    One that is not valid yet is accepted: to add the next one early is how keys are changed
    without a gap, and until its time comes it is skipped. Raises CertificateRefused.
    """
    if certificate.not_after < now:
        raise CertificateRefused(
            f"The certificate {certificate.subject} expired on {certificate.not_after:%Y-%m-%d}. "
            "Ask the issuer for its present one."
        )


def _signers(found: Sequence[x509.Certificate]) -> list[x509.Certificate]:
    """Leave out of a chain who issued another certificate in it, and refuse other authorities."""
    signers = [one for one in found if not any(_has_issued(one, other) for other in found)]
    authorities = [one for one in signers if _is_authority(one)]
    # `openssl req -x509` calls what it makes an authority: alone, it signs tokens itself.
    if not signers or (authorities and not all(map(_is_self_signed, found))):
        raise CertificateRefused(
            "It has a certificate of an authority that issued none of the others. "
            + certificate_file.WHAT_TO_UPLOAD
        )
    return signers


def _has_issued(one: x509.Certificate, other: x509.Certificate) -> bool:
    return one != other and not _is_self_signed(other) and _has_signed(one, other)


def _is_self_signed(certificate: x509.Certificate) -> bool:
    return _has_signed(certificate, certificate)


def _has_signed(one: x509.Certificate, other: x509.Certificate) -> bool:
    if other.issuer != one.subject:
        return False
    try:
        other.verify_directly_issued_by(one)
    except (InvalidSignature, TypeError, *MALFORMED):
        return False
    return True


def _is_authority(certificate: x509.Certificate) -> bool:
    with suppress(x509.ExtensionNotFound):
        return certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    return False


def _judge(certificate: x509.Certificate) -> ParsedCertificate:
    subject = excerpt(certificate.subject.rfc4514_string())
    try:
        _check_purpose(certificate)
        key = from_public_key(certificate.public_key())
        check_named_curve(key.public_key, certificate.public_bytes(Encoding.DER))
    except UnusableKey as problem:
        raise CertificateRefused(f"The certificate {subject} cannot be used. {problem}") from None
    return ParsedCertificate(
        pem=certificate.public_bytes(Encoding.PEM).decode(),
        fingerprint=certificate.fingerprint(SHA256()).hex(),
        subject=subject,
        issuer_name=excerpt(certificate.issuer.rfc4514_string()),
        serial_number=f"{certificate.serial_number:x}",
        key_description=_describe(key),
        not_before=certificate.not_valid_before_utc,
        not_after=certificate.not_valid_after_utc,
        public_key=key.public_key,
    )


def _check_purpose(certificate: x509.Certificate) -> None:
    if isinstance(certificate.signature_hash_algorithm, SHA1 | MD5):
        raise UnusableKey("It is signed with SHA-1 or MD5, which can be forged.")
    if certificate.not_valid_after_utc < certificate.not_valid_before_utc:
        raise UnusableKey("It ends before it begins.")
    with suppress(x509.ExtensionNotFound):
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
        if not usage.digital_signature:
            raise UnusableKey("Its key usage does not contain digitalSignature.")


def _describe(key: VerificationKey) -> str:
    if isinstance(key.public_key, rsa.RSAPublicKey):
        return f"RSA {key.public_key.key_size}"
    return f"EC {key.crv}" if key.kty == "EC" else key.crv
