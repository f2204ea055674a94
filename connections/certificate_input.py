"""
What somebody uploaded as a certificate: find the certificates in it, or say what it is instead.

Pure: no Django. Bytes of a private key are neither kept nor repeated, not even in an exception.
"""

import base64
import binascii
import re
from collections.abc import Callable
from typing import Any

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import (
    load_der_private_key,
    load_der_public_key,
    pkcs7,
)

MAXIMUM_SIZE = 100_000  # bytes
MAXIMUM_CERTIFICATES = 10

UPLOAD = "Upload the certificate (.pem, .cer, .crt or .der) of the key that signs tokens."
SECRET = (
    "This contains a private key. It was not stored. Take that key out of use: it has left the "
    "place where it belongs. Then upload the certificate alone."
)

BLOCK = re.compile(rb"-----BEGIN ([A-Z0-9 ]+)-----(.*?)-----END \1-----", re.DOTALL)
CERTIFICATE_LABELS = {b"CERTIFICATE", b"X509 CERTIFICATE"}
OTHER_LABELS = {
    b"CERTIFICATE REQUEST": "a request for a certificate",
    b"NEW CERTIFICATE REQUEST": "a request for a certificate",
    b"X509 CRL": "a list of revoked certificates",
    b"PKCS7": "a PKCS#7 container",
    b"CMS": "a PKCS#7 container",
    b"PUBLIC KEY": "a public key without a certificate",
    b"RSA PUBLIC KEY": "a public key without a certificate",
    b"TRUSTED CERTIFICATE": "a certificate in OpenSSL's own form",
}
PKCS12 = re.compile(rb"\A\x30.{1,5}\x02\x01\x03\x30", re.DOTALL)  # SEQUENCE { version 3, …


class CertificateRefused(Exception):
    """Say in a sentence why the input is refused, and what to upload."""


class PrivateKeyRefused(CertificateRefused):
    """Say that a private key was in the input, and what to do about that."""


def der_certificates(data: bytes) -> list[bytes]:
    """
    Return the DER of every certificate in the input: PEM, DER, or base64 without armour.

    Raises PrivateKeyRefused first of all, and CertificateRefused for everything else.
    """
    if len(data) > MAXIMUM_SIZE:
        raise CertificateRefused(f"This is larger than {MAXIMUM_SIZE} bytes. {UPLOAD}")
    if not data.strip():
        raise CertificateRefused(f"This is empty. {UPLOAD}")
    _check_private_text(data)
    if b"-----BEGIN" in data:
        return _from_pem(data)
    if data[:1] == b"\x30":
        return [_checked_der(data)]
    return [_checked_der(_from_base64(data))]


def _check_private_text(data: bytes) -> None:
    """Refuse the armour of any private key, in any encoding that keeps its letters."""
    letters = data.replace(b"\0", b"").upper()
    if b"PRIVATE KEY" in letters or b"PUTTY-USER-KEY" in letters:
        raise PrivateKeyRefused(SECRET)


def _from_pem(data: bytes) -> list[bytes]:
    found = []
    for label, body in BLOCK.findall(data):
        if label not in CERTIFICATE_LABELS:
            what = OTHER_LABELS.get(label, "something else")
            raise CertificateRefused(f"This contains {what}, not just certificates. {UPLOAD}")
        found.append(_checked_der(_unarmoured(body)))
    if len(found) != data.count(b"-----BEGIN") or not found:
        raise CertificateRefused(
            "This PEM text is cut off or damaged: each BEGIN line needs its END line. "
            "Copy it again, whole."
        )
    if len(found) > MAXIMUM_CERTIFICATES:
        raise CertificateRefused(f"These are more than {MAXIMUM_CERTIFICATES} certificates.")
    return found


def _unarmoured(body: bytes) -> bytes:
    try:
        return base64.b64decode(b"".join(body.split()), validate=True)
    except binascii.Error:
        raise CertificateRefused("This PEM text is damaged. Copy it again, whole.") from None


def _from_base64(data: bytes) -> bytes:
    try:
        return base64.b64decode(b"".join(data.split()), validate=True)
    except binascii.Error:
        raise CertificateRefused(f"This is {_name_of(data)}. {UPLOAD}") from None


def _name_of(data: bytes) -> str:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in data[:4]:
        return "text in UTF-16, which certificates are not written in: save it as plain text"
    if data.lstrip()[:1] == b"{":
        return "JSON: keys in that form belong to a JWKS URL, not here"
    if data[:2] == b"PK":
        return "a zip archive"
    return "not a certificate"


def _checked_der(der: bytes) -> bytes:
    """Return the DER if it can be a certificate; name it if it is something else."""
    if PKCS12.match(der) or _loads(lambda: load_der_private_key(der, None), encrypted=True):
        raise PrivateKeyRefused(SECRET)
    if _loads(lambda: x509.load_der_x509_certificate(der)):
        return der
    others: dict[str, Callable[[], Any]] = {
        "a request for a certificate": lambda: x509.load_der_x509_csr(der),
        "a list of revoked certificates": lambda: x509.load_der_x509_crl(der),
        "a public key without a certificate": lambda: load_der_public_key(der),
        "a PKCS#7 container": lambda: pkcs7.load_der_pkcs7_certificates(der),
    }
    what = next((name for name, load in others.items() if _loads(load)), "not a certificate")
    raise CertificateRefused(f"This is {what}. {UPLOAD}")


def _loads(load: Callable[[], Any], *, encrypted: bool = False) -> bool:
    """Say whether something loads; a private key under a password counts as one."""
    try:
        load()
    except TypeError:
        return encrypted
    except (ValueError, UnsupportedAlgorithm):
        return False
    return True
