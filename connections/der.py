"""
Just enough DER to tell what octets hold without loading them (X.690 8.1).

Pure: no Django. A private key is recognized by its outline, whatever its algorithm, so that it
never reaches a parser.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice

INTEGER, BIT_STRING, OCTET_STRING, OBJECT_IDENTIFIER, SEQUENCE = 0x02, 0x03, 0x04, 0x06, 0x30
CONTEXT_0 = 0xA0
VERSIONS = {b"\0", b"\1", b"\3"}  # of the structures that hold private keys
AFTER_VERSION = {INTEGER, OCTET_STRING, SEQUENCE}
TIMES = {0x17, 0x18}
LONG_FORM = 0x80


class Outline(StrEnum):
    """What an element may be, in the words of a sentence."""

    PRIVATE_KEY = "a private key"
    CERTIFICATE = "a certificate"
    REQUEST = "a certificate signing request (CSR)"
    REVOCATIONS = "a list of revoked certificates (CRL)"
    BUNDLE = "a PKCS #7 bundle"
    PUBLIC_KEY = "a public key without its certificate"
    UNKNOWN = "something that is not a certificate"


@dataclass(frozen=True, slots=True)
class Element:
    """A tag, what is inside, and the whole; the octets are fewer where the input is cut off."""

    tag: int
    content: bytes
    encoded: bytes
    is_whole: bool


def elements(octets: bytes) -> Iterator[Element]:
    """Yield one element after the other, until the end or something that is not DER."""
    while len(octets) > 1:
        head, size = 2, octets[1]
        if size > LONG_FORM:
            head += size - LONG_FORM
            size = int.from_bytes(octets[2:head])
        end = head + size
        yield Element(octets[0], octets[head:end], octets[:end], len(octets) >= end)
        octets = octets[end:]


def outline(element: Element) -> Outline:
    """Say what an element looks like from outside."""
    if element.tag != SEQUENCE:
        return Outline.UNKNOWN
    inside = list(islice(elements(element.content), 3))
    match [member.tag for member in inside]:
        # A version number comes first in PKCS #1, PKCS #8, SEC 1 and PKCS #12 alone.
        case [first, second, *_] if (
            first == INTEGER and second in AFTER_VERSION and (inside[0].content in VERSIONS)
        ):
            return Outline.PRIVATE_KEY
        case [first, second, *_] if (first, second) == (SEQUENCE, OCTET_STRING):
            return Outline.PRIVATE_KEY  # PKCS #8, encrypted
        case [first, second, *_] if second == BIT_STRING or (first, second) == (INTEGER, INTEGER):
            return Outline.PUBLIC_KEY
        case [first, *_] if first == OBJECT_IDENTIFIER:
            return Outline.BUNDLE
        case [first, second, third] if (first, second, third) == (SEQUENCE, SEQUENCE, BIT_STRING):
            return _signed_outline(inside[0])
    return Outline.UNKNOWN


def _signed_outline(signed: Element) -> Outline:
    """Tell apart what has a signature around it (RFC 5280 4.1 and 5.1, RFC 2986 4)."""
    tags = [member.tag for member in islice(elements(signed.content), 4)]
    if TIMES.intersection(tags):
        return Outline.REVOCATIONS
    if tags[:1] == [INTEGER] and tags[3:] == [CONTEXT_0]:
        return Outline.REQUEST
    return Outline.CERTIFICATE
