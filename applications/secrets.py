"""
Client secrets: 256 random bits, shown once, checked in microseconds.

They are not passwords: nobody chooses or remembers them, so a slow hash would protect nothing
and cost 350 ms of every request. A keyed hash (HMAC-SHA-256 under the server's secret key) makes
a stolen database useless even where an administrator brought a short secret along.
"""

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import timezone

if TYPE_CHECKING:
    from applications.models import Application

PREFIX = "agio_"  # lets secret scanners recognise a leaked one
OVERLAP = timedelta(hours=24)  # how long the former secret stays good
GOOD_LENGTH = 32  # a secret below it was chosen by a person, or too small to be random enough
MAXIMUM_LENGTH = 256
SECRET_COLUMNS = (
    "secret_digest",
    "secret_tail",
    "secret_created_at",
    "former_secret_digest",
    "former_secret_tail",
    "former_secret_expires_at",
)


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
        for expected in [*stored, "", ""][:2]:
            found |= hmac.compare_digest(candidate, expected)
    return found


def problem_with(secret: str) -> str | None:
    """Say why a secret that somebody brought cannot be used, or return None (RFC 6749 A.2)."""
    if not secret:
        return "The secret is empty."
    if len(secret) > MAXIMUM_LENGTH:
        return f"The secret is longer than {MAXIMUM_LENGTH} characters."
    if not all(" " <= char <= "~" for char in secret):
        return "The secret may only have printable ASCII characters."
    return None


def set_secret(application: "Application", secret: str, *, now: datetime | None = None) -> bool:
    """
    Make the secret the application's own; its present one stays good for `OVERLAP` from `now`.

    Returns False, and changes nothing, where it is the present secret already.
    """
    now = now or timezone.now()
    if matches(secret, [application.secret_digest]):
        return False
    application.former_secret_digest = application.secret_digest
    application.former_secret_tail = application.secret_tail
    application.former_secret_expires_at = now + OVERLAP if application.secret_digest else None
    application.secret_digest = digest(secret)
    # The tail tells two secrets apart; of a short one it would give too much away.
    application.secret_tail = secret[-4:] if len(secret) >= GOOD_LENGTH else ""
    application.secret_created_at = now
    application.save(update_fields=SECRET_COLUMNS)
    return True


def rotate_secret(application: "Application", *, now: datetime | None = None) -> str:
    """Give the application a new secret and return it: the only time that it can be seen."""
    secret = generate_secret()
    set_secret(application, secret, now=now)
    return secret


def revoke_former_secret(application: "Application") -> None:
    """End the overlap: from now on only the present secret is good."""
    application.former_secret_digest = application.former_secret_tail = ""
    application.former_secret_expires_at = None
    application.save(update_fields=SECRET_COLUMNS)


def forget_secrets(application: "Application") -> None:
    """Leave the application without any secret, as befits a public client."""
    application.secret_digest = application.secret_tail = ""
    application.secret_created_at = None
    revoke_former_secret(application)


def _digest(secret: str, server_key: str) -> str:
    return hmac.new(_derived_key(server_key), secret.encode(), hashlib.sha256).hexdigest()


@lru_cache(maxsize=8)
def _derived_key(server_key: str) -> bytes:
    return hashlib.sha256(b"agio client secret\0" + server_key.encode()).digest()
