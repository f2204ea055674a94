"""
Read uploaded certificates: PEM or DER, one or a chain, and nothing that should not be there.

Pure: no Django. The file's name is never looked at; what the bytes are decides (AT-073).
"""

from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import MD5, SHA1, SHA256
from cryptography.hazmat.primitives.serialization import Encoding

from connections.certificate_input import CertificateRefused, PrivateKeyRefused, der_certificates
from connections.key_policy import CURVE_NAMES, UnusableKey
from connections.keys import check_named_curve, check_strength

__all__ = [
    "CertificateRefused",
    "ParsedCertificate",
    "PrivateKeyRefused",
    "check_validity",
    "parse",
]

MAXIMUM_NAME = 500  # characters


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
    certificates = list(dict.fromkeys(_load(der) for der in der_certificates(data)))
    signers = [one for one in certificates if not _issued_another(one, certificates)]
    return [_checked(certificate) for certificate in signers]


def check_validity(certificate: ParsedCertificate, now: datetime) -> None:
    """
    Refuse an expired certificate.

    One that is not valid yet is welcome: it is uploaded before the issuer begins to use it.
    Raises CertificateRefused.
    """
    if certificate.not_after < now:
        day = f"{certificate.not_after:%Y-%m-%d}"
        raise CertificateRefused(f"The certificate expired on {day}. Upload the one in use now.")


def _load(der: bytes) -> x509.Certificate:
    try:
        return x509.load_der_x509_certificate(der)
    except ValueError:
        raise CertificateRefused(
            "The certificate is damaged. Export it again from the issuer."
        ) from None


def _issued_another(one: x509.Certificate, certificates: list[x509.Certificate]) -> bool:
    """Say whether a certificate issued another one of the input, by name: no trust depends on it."""
    return any(other.issuer == one.subject for other in certificates if other != one)


def _checked(certificate: x509.Certificate) -> ParsedCertificate:
    """Judge a signer's certificate, and return what is shown and kept of it."""
    _check_signature_hash(certificate)
    _check_key_usage(certificate)
    try:
        public_key = check_strength(certificate.public_key())
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
    except ValueError:
        raise CertificateRefused("The certificate has extensions that cannot be read.") from None
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
