"""Read the environment, and fail loudly where it makes no sense."""

import os
from pathlib import Path
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

TRUE, FALSE = {"1", "true", "yes", "on"}, {"", "0", "false", "no", "off"}


def text(name: str, default: str = "") -> str:
    """Return a variable's value without surrounding white space."""
    return os.environ.get(name, default).strip()


def flag(name: str) -> bool:
    """
    Return a switch: off unless it is set to 1, true, yes or on.

    :raises ImproperlyConfigured: for any other word, so that a typing mistake is not "off"
    """
    value = text(name).lower()
    if value not in TRUE | FALSE:
        raise ImproperlyConfigured(f"Set {name} to 1 or 0; it is {value!r}.")
    return value in TRUE


def number(name: str, default: int) -> int:
    """
    Return a whole number that is not negative.

    :raises ImproperlyConfigured: where the value is something else
    """
    value = text(name, str(default))
    if not value.isascii() or not value.isdigit():
        raise ImproperlyConfigured(f"Set {name} to a whole number; it is {value!r}.")
    return int(value)


def words(name: str) -> list[str]:
    """Return the comma-separated words of a variable."""
    return [word.strip() for word in text(name).split(",") if word.strip()]


def secret(name: str) -> str:
    """
    Return a secret from NAME, or from the file that NAME_FILE names; empty where neither is set.

    :raises ImproperlyConfigured: where both are set, or the file cannot be read
    """
    path = text(f"{name}_FILE")
    if not path:
        return text(name)
    if text(name):
        raise ImproperlyConfigured(f"Set {name} or {name}_FILE, not both.")
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as problem:
        raise ImproperlyConfigured(f"{name}_FILE cannot be read: {problem}") from problem


def hosts(issuer: str) -> list[str]:
    """Return the Host names we answer to: the issuer's, and loopback for health checks."""
    name = urlsplit(issuer).hostname
    return [*([name] if name else []), "localhost", "127.0.0.1", "[::1]"]
