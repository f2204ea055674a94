"""
What somebody uploaded as a certificate: find the certificates in it, or say what it is instead.

Pure: no Django. Bytes of a private key are neither kept nor repeated, not even in an exception.
"""

import base64
import binascii
import re

from connections.der import Outline, elements, outline

MAXIMUM_SIZE = 100_000  # bytes
MAXIMUM_CERTIFICATES = 10

UPLOAD = "Upload the certificate (.pem, .cer, .crt or .der) of the key that signs tokens."
TAKE_OUT_OF_USE = (
    "This contains a private key. It was not stored. Take that key out of use: it has left the "
    "place where it belongs. Then upload the certificate alone."
)

BLOCK = re.compile(rb"-----BEGIN ([A-Z0-9 ]+)-----(.*?)-----END \1-----", re.DOTALL)
CERTIFICATE_LABELS = {b"CERTIFICATE", b"X509 CERTIFICATE"}
OTHER_LABELS = {
    b"CERTIFICATE REQUEST": Outline.REQUEST,
    b"NEW CERTIFICATE REQUEST": Outline.REQUEST,
    b"X509 CRL": Outline.REVOCATIONS,
    b"PKCS7": Outline.CONTAINER,
    b"CMS": Outline.CONTAINER,
    b"PUBLIC KEY": Outline.PUBLIC_KEY,
    b"RSA PUBLIC KEY": Outline.PUBLIC_KEY,
    b"TRUSTED CERTIFICATE": "a certificate in OpenSSL's own form",
}
SECRET_MEMBER = re.compile(rb'"(?:d|k|p|q|dp|dq|qi|oth)"\s*:')  # of a JWK, RFC 7518 6
JAVA_KEY_STORES = (b"\xfe\xed\xfe\xed", b"\xce\xce\xce\xce")


class CertificateRefused(Exception):
    """Say in a sentence why the input is refused, and what to upload."""


class PrivateKeyRefused(CertificateRefused):
    """Say that a private key was in the input, and what to do about that."""


def der_certificates(data: bytes) -> list[bytes]:
    """
    Return the DER of every certificate in the input: PEM, DER, or base64 without armour.

    Raises PrivateKeyRefused first of all, and CertificateRefused for everything else.
    """
    _check_private_text(data)
    if len(data) > MAXIMUM_SIZE:
        raise CertificateRefused(f"This is larger than {MAXIMUM_SIZE} bytes. {UPLOAD}")
    if not data.strip():
        raise CertificateRefused(f"This is empty. {UPLOAD}")
    found = _from_any(data)
    if len(found) > MAXIMUM_CERTIFICATES:
        raise CertificateRefused(f"These are more than {MAXIMUM_CERTIFICATES} certificates.")
    return found


def _check_private_text(data: bytes) -> None:
    """Refuse the marks of any private key, in any encoding that keeps its letters."""
    letters = data.replace(b"\0", b"")
    in_armour = b"PRIVATE KEY" in letters.upper() or b"PUTTY-USER-KEY" in letters.upper()
    in_jwk = b'"kty"' in letters and SECRET_MEMBER.search(letters)
    if in_armour or in_jwk or data.startswith(JAVA_KEY_STORES):
        raise PrivateKeyRefused(TAKE_OUT_OF_USE)


def _from_any(data: bytes) -> list[bytes]:
    if b"-----BEGIN" in data or b"-----END" in data:
        return _from_pem(data)
    if data[:1] == b"\x30":
        return _checked_der(data)
    plain = _from_base64(data)
    _check_private_text(plain)
    return _from_pem(plain) if b"-----BEGIN" in plain else _checked_der(plain)


def _from_pem(data: bytes) -> list[bytes]:
    blocks, found = BLOCK.findall(data), []
    for label, body in blocks:
        if label not in CERTIFICATE_LABELS:
            what = OTHER_LABELS.get(label, "something else")
            raise CertificateRefused(f"This contains {what}, not just certificates. {UPLOAD}")
        found.extend(_checked_der(_unarmoured(body)))
    if not len(blocks) == data.count(b"-----BEGIN") == data.count(b"-----END"):
        raise CertificateRefused(
            "This PEM text is cut off or damaged: each BEGIN line needs its END line. "
            "Copy it again, whole."
        )
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
    if data.startswith((b"ssh-", b"ecdsa-sha2-")):
        return Outline.PUBLIC_KEY
    return Outline.UNKNOWN


def _checked_der(der: bytes) -> list[bytes]:
    """Return the certificates in DER, one after the other; name anything else that is there."""
    found = list(elements(der))
    outlines = [outline(element) for element in found]
    if Outline.PRIVATE_KEY in outlines:
        raise PrivateKeyRefused(TAKE_OUT_OF_USE)
    other = next((kind for kind in outlines if kind != Outline.CERTIFICATE), None)
    if other or not all(element.is_whole for element in found) or not found:
        raise CertificateRefused(f"This is {other or Outline.UNKNOWN}. {UPLOAD}")
    return [element.encoded for element in found]
