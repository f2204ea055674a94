"""
The certificates whose keys may verify an issuer's tokens: read, judged, and described.

Pure: no Django. The issuer's key is trusted because an administrator uploads it, so nothing is
checked up to a root; a chain is accepted, and only who signs tokens is kept of it (KY-07).
"""

import warnings
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.utils import CryptographyDeprecationWarning

from connections import certificate_file
from connections.certificate_chain import MALFORMED, signers
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

MAXIMUM_SERIAL_NUMBER = 64  # characters; RFC 5280 allows 40


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
        with warnings.catch_warnings():
            # A serial number of zero is the issuer's fault, and harmless (RFC 5280 4.1.2.2).
            warnings.simplefilter("ignore", CryptographyDeprecationWarning)
            found = [x509.load_der_x509_certificate(der) for der in dict.fromkeys(encoded)]
            return [_judge(certificate) for certificate in signers(found)]
    except MALFORMED:  # the library reads some parts only when they are asked for
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
        day = f"{certificate.not_after:%Y-%m-%d}"
        raise CertificateRefused(f"The certificate expired on {day}. Upload the one in use now.")


def _judge(certificate: x509.Certificate) -> ParsedCertificate:
    """Judge a signer's certificate, and return what is shown and kept of it."""
    try:
        _check_purpose(certificate)
        key = from_public_key(certificate.public_key())
        check_named_curve(key.public_key, certificate.public_bytes(Encoding.DER))
    except UnusableKey as problem:
        raise _refusal(certificate, str(problem)) from None
    return ParsedCertificate(
        pem=certificate.public_bytes(Encoding.PEM).decode(),
        fingerprint=certificate.fingerprint(SHA256()).hex(),
        subject=_shown(certificate.subject),
        issuer_name=_shown(certificate.issuer),
        serial_number=f"{certificate.serial_number:x}"[:MAXIMUM_SERIAL_NUMBER],
        key_description=_describe(key),
        not_before=certificate.not_valid_before_utc,
        not_after=certificate.not_valid_after_utc,
        public_key=key.public_key,
    )


def _check_purpose(certificate: x509.Certificate) -> None:
    if certificate.not_valid_after_utc < certificate.not_valid_before_utc:
        raise UnusableKey("It ends before it begins.")
    with suppress(x509.ExtensionNotFound):
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
        if not usage.digital_signature:
            raise UnusableKey("Its key usage does not contain digitalSignature.")


def _refusal(certificate: x509.Certificate, problem: str) -> CertificateRefused:
    subject = _shown(certificate.subject)
    return CertificateRefused(f"The certificate {subject} cannot be used. {problem}")


def _shown(name: x509.Name) -> str:
    return excerpt(name.rfc4514_string())


def _describe(key: VerificationKey) -> str:
    if isinstance(key.public_key, rsa.RSAPublicKey):
        return f"RSA {key.public_key.key_size}"
    return f"EC {key.crv}" if key.kty == "EC" else key.crv
