"""Base64url as JOSE uses it: no padding, one spelling for each value (RFC 7515 2, appendix C)."""

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode


def encode(octets: bytes) -> str:
    """Write octets as base64url without padding."""
    return urlsafe_b64encode(octets).rstrip(b"=").decode("ascii")


def decode(text: str) -> bytes:
    """
    Read base64url in its only canonical spelling.

    Raises ValueError for padding, other alphabets, white space, impossible lengths, and for a last
    character whose unused bits are set: each would be a second spelling of the same octets.
    """
    try:
        octets = urlsafe_b64decode(text + "==")
    except binascii.Error:
        raise ValueError("not base64url") from None
    # The library skips what it does not know; only what it would write itself is canonical.
    if encode(octets) != text:
        raise ValueError("not canonical base64url")
    return octets
