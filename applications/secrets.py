"""
Client secrets: 256 random bits, shown once, checked in microseconds.

They are not passwords: nobody chooses or remembers them, so a slow hash would protect nothing
and cost 350 ms of every request. A keyed hash (HMAC-SHA-256 under the server's secret key) makes
a stolen database useless even where an administrator brought a short secret along.
"""

import hashlib
import hmac
import secrets
from functools import lru_cache

from django.conf import settings

PREFIX = "agio_"  # lets secret scanners recognise a leaked one


def generate_secret() -> str:
    """Return a new secret of 256 random bits."""
    return PREFIX + secrets.token_urlsafe(32)


def digest(secret: str) -> str:
    """Return what is stored in place of the secret: 64 hexadecimal digits."""
    return _digest(secret, settings.SECRET_KEY)


def matches(secret: str, stored: list[str]) -> bool:
    """
    Say whether the secret is one of those stored, in a time that does not depend on which.

    An unknown client passes an empty list and costs the same (CA-14).
    """
    found = False
    for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        candidate = _digest(secret, key)
        for expected in (stored + ["", ""])[:2]:
            found |= hmac.compare_digest(candidate, expected)
    return found


def _digest(secret: str, server_key: str) -> str:
    return hmac.new(_derived_key(server_key), secret.encode(), hashlib.sha256).hexdigest()


@lru_cache(maxsize=8)
def _derived_key(server_key: str) -> bytes:
    return hashlib.sha256(b"agio client secret\0" + server_key.encode()).digest()
