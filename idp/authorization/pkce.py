"""Whoever redeems a code is who asked for it (RFC 7636), by S256 alone (RFC 9700 2.1.1)."""

import hashlib
import hmac
import re

from connections import base64url

CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")


def is_challenge(text: str) -> bool:
    """Say whether a text can be the S256 of anything."""
    return CHALLENGE.fullmatch(text) is not None


def proves(verifier: str, challenge: str) -> bool:
    """Say whether a verifier is the one behind a challenge."""
    if not VERIFIER.fullmatch(verifier):
        return False
    digest = base64url.encode(hashlib.sha256(verifier.encode()).digest())
    return hmac.compare_digest(digest, challenge)
