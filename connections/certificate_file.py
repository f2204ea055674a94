"""
What a file that somebody uploads or pastes holds: certificates, or something refused by its name.

Pure: no Django. A private key is looked for before anything else, and its octets go nowhere: not
into a parser, an exception, or a log (AT-068).
"""

import binascii
import re
from base64 import b64decode
from string import printable

from connections.der import Outline, elements, outline

MAXIMUM_SIZE = 100_000  # bytes
MAXIMUM_CERTIFICATES = 10
WHAT_TO_UPLOAD = (
    "Upload the certificate with which the issuer signs: PEM (-----BEGIN CERTIFICATE-----) or DER."
)

BLOCK = re.compile(rb"-----BEGIN ([A-Z0-9 ]{1,40})-----([A-Za-z0-9+/=\s]*)-----END \1-----")
# Where base64 may begin, and enough of it to see the algorithm of an encrypted key.
BASE64_START = re.compile(rb"(?<![A-Za-z0-9+/])(?=([A-Za-z0-9+/]{16}[A-Za-z0-9+/\s]{0,240}))")
# PEM and its relatives, PuTTY's files, and what `openssl pkey -text` prints.
SECRET_ARMOUR = re.compile(
    rb"(?:BEGIN|END)[A-Z0-9 ]{0,30}PRIVATE KEY|PuTTY-User-Key-File-|Private-Key:", re.IGNORECASE
)
SECRET_MEMBER = re.compile(rb'"(?:d|k|p|q|dp|dq|qi|oth)"\s*:')  # of a JWK (RFC 7518 6)
SECRET_STARTS = (b"\xfe\xed\xfe\xed", b"\xce\xce\xce\xce", b"openssh-key-v1")  # two of Java

CERTIFICATE_LABELS = {b"CERTIFICATE", b"X509 CERTIFICATE"}
OTHER_LABELS = {
    b"CERTIFICATE REQUEST": Outline.REQUEST,
    b"NEW CERTIFICATE REQUEST": Outline.REQUEST,
    b"X509 CRL": Outline.REVOCATIONS,
    b"PKCS7": Outline.BUNDLE,
    b"CMS": Outline.BUNDLE,
    b"PUBLIC KEY": Outline.PUBLIC_KEY,
    b"RSA PUBLIC KEY": Outline.PUBLIC_KEY,
    b"TRUSTED CERTIFICATE": "a certificate in the form that only OpenSSL reads",
}


class CertificateRefused(Exception):
    """Say in a sentence for an administrator what is wrong, and what to upload instead."""


class PrivateKeyRefused(CertificateRefused):
    """Refuse a file with a private key. Holds nothing of the file."""

    def __init__(self) -> None:
        super().__init__(
            "It contains a private key, or is a key store that can. It was not kept. Take that key "
            "out of use: whoever has it can sign as the issuer. Then upload the certificate alone."
        )


def read(content: bytes) -> list[bytes]:
    """
    Return the certificates in a file, each as DER that is not parsed yet; at least one.

    The file is PEM with any text around, DER, or the base64 of either. Raises PrivateKeyRefused
    before anything else, and CertificateRefused.
    """
    check_no_private_key(content)
    if len(content) > MAXIMUM_SIZE:
        raise CertificateRefused(f"It is larger than {MAXIMUM_SIZE} bytes. {WHAT_TO_UPLOAD}")
    if not content.strip():
        raise CertificateRefused(f"It is empty. {WHAT_TO_UPLOAD}")
    is_text = b"-----BEGIN " in content or not content.translate(None, printable.encode())
    found = _from_text(content) if is_text else _from_octets(content)
    if len(found) > MAXIMUM_CERTIFICATES:
        raise CertificateRefused(f"It has more than {MAXIMUM_CERTIFICATES} certificates.")
    return found


def check_no_private_key(content: bytes) -> None:
    """Refuse a private key: armoured, in any width of character, as a JWK, or as bare base64."""
    text = content.replace(b"\0", b"")
    around = BLOCK.sub(b"", content).strip()
    encoded = (b"".join(start.split()) for start in BASE64_START.findall(text))
    decoded = (b64decode(start[: len(start) // 4 * 4]) for start in encoded)
    is_secret_jwk = b'"kty"' in text and SECRET_MEMBER.search(text)
    if is_secret_jwk or any(map(_begins_secret, (text, around, *decoded))):
        raise PrivateKeyRefused


def has_private_key(text: str) -> bool:
    """Say whether a text must not be kept or shown again."""
    try:
        check_no_private_key(text.encode())
    except PrivateKeyRefused:
        return True
    return False


def _begins_secret(octets: bytes) -> bool:
    first = next(elements(octets), None)
    is_der = first is not None and outline(first) == Outline.PRIVATE_KEY
    return is_der or octets.startswith(SECRET_STARTS) or bool(SECRET_ARMOUR.search(octets))


def _from_text(text: bytes) -> list[bytes]:
    if b"-----BEGIN " in text or b"-----END " in text:
        return _from_pem(text)
    start = text.lstrip()
    if start.startswith((b"{", b"[")):
        raise CertificateRefused(
            f"It is JSON. Where it is a JWKS, enter its address as the JWKS URL. {WHAT_TO_UPLOAD}"
        )
    if start.startswith((b"ssh-", b"ecdsa-sha2-")):
        raise _refusal(Outline.PUBLIC_KEY)
    octets = _decoded(text)
    if octets is None:
        raise CertificateRefused(f"It is text without a certificate. {WHAT_TO_UPLOAD}")
    return _from_pem(octets) if b"-----BEGIN " in octets else _from_octets(octets)


def _from_pem(text: bytes) -> list[bytes]:
    blocks = BLOCK.findall(text)
    if not len(blocks) == text.count(b"-----BEGIN ") == text.count(b"-----END "):
        raise CertificateRefused(
            "It is damaged: a BEGIN or END line is missing, or something that is not base64 "
            f"stands between them. {WHAT_TO_UPLOAD}"
        )
    found = []
    for label, body in blocks:
        if label not in CERTIFICATE_LABELS:
            raise _refusal(OTHER_LABELS.get(label, Outline.UNKNOWN))
        found.extend(_from_octets(_decoded(body) or b""))
    return found


def _from_octets(octets: bytes) -> list[bytes]:
    if octets.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in octets[:2]:
        raise CertificateRefused(f"It is text in UTF-16: save it as UTF-8. {WHAT_TO_UPLOAD}")
    found = list(elements(octets))
    outlines = [outline(element) for element in found]
    if Outline.PRIVATE_KEY in outlines:
        raise PrivateKeyRefused
    for kind in outlines:
        if kind != Outline.CERTIFICATE:
            raise _refusal(kind)
    if not found or not all(element.is_whole for element in found):
        raise CertificateRefused(f"It is damaged or cut off. {WHAT_TO_UPLOAD}")
    return [element.encoded for element in found]


def _decoded(text: bytes) -> bytes | None:
    try:
        return b64decode(b"".join(text.split()), validate=True)
    except binascii.Error:
        return None


def _refusal(kind: str) -> CertificateRefused:
    return CertificateRefused(f"It is, or contains, {kind}. {WHAT_TO_UPLOAD}")
