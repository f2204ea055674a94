"""Read the environment, and fail loudly where it makes no sense."""

import os
import re
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

TRUE, FALSE = {"1", "true", "yes", "on"}, {"", "0", "false", "no", "off"}
LOOPBACK = {"localhost", "127.0.0.1", "[::1]"}
ORIGIN = re.compile(r"(?P<scheme>https?)://(?P<host>[a-z0-9.-]+|\[[0-9a-f:.]+\])(:[0-9]{1,5})?")
KEY_LENGTH = 32  # characters; `check --deploy` asks for 50 (security.W009)
MAKE_A_KEY = "python3 -c 'import secrets; print(secrets.token_urlsafe(48))'"


def text(name: str, default: str = "") -> str:
    """Return a variable's value without surrounding white space."""
    return os.environ.get(name, default).strip()


def flag(name: str, *, default: bool = False) -> bool:
    """
    Return a switch: off, or the default, unless it is set to 1, true, yes or on.

    :raises ImproperlyConfigured: for any other word, so that a typing mistake is not "off"
    """
    value = text(name).lower() or ("1" if default else "")
    if value not in TRUE | FALSE:
        raise ImproperlyConfigured(f"Set {name} to 1 or 0; it is {value!r}.")
    return value in TRUE


def number(name: str, default: int, *, least: int = 0) -> int:
    """
    Return a whole number that is not negative: 0, or `least` and more.

    :raises ImproperlyConfigured: where the value is something else
    """
    value = text(name, str(default))
    if not value.isascii() or not value.isdigit():
        raise ImproperlyConfigured(f"Set {name} to a whole number; it is {value!r}.")
    if 0 < int(value) < least:
        raise ImproperlyConfigured(f"Set {name} to 0, or to {least} or more; it is {value}.")
    return int(value)


def words(text: str) -> list[str]:
    """Return what stands between commas."""
    return [word.strip() for word in text.split(",") if word.strip()]


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


def secret_key(name: str, default: str = "") -> str:
    """
    Return a secret that is long enough to sign and encrypt with.

    :raises ImproperlyConfigured: where it is missing or short
    """
    key = secret(name) or default
    if len(key) < KEY_LENGTH:
        problem = "is too short" if key else "is missing"
        raise ImproperlyConfigured(
            f"{name} {problem}: set it, or {name}_FILE, to at least {KEY_LENGTH} random "
            f"characters. This makes some: {MAKE_A_KEY}"
        )
    return key


def issuer(name: str, *, development: bool) -> str:
    """
    Return our own address: a scheme and a host, with or without a port, and nothing else.

    Every address we publish is made from it, and other servers compare it character for character
    (RFC 8414 2). In development it may be http on loopback.

    :raises ImproperlyConfigured: for anything else
    """
    value = text(name, "http://127.0.0.1:8000" if development else "")
    origin = ORIGIN.fullmatch(value)
    if origin and (origin["scheme"] == "https" or (development and origin["host"] in LOOPBACK)):
        return value
    found = f"it is {value!r}" if value else "it is missing"
    raise ImproperlyConfigured(
        f"Set {name} to this server's own address, such as https://id.example.org, without a path "
        f"and without a slash at the end; {found}. Only with AGIO_DEBUG=1 may it be http, "
        "on 127.0.0.1."
    )


def hosts(issuer: str) -> list[str]:
    """Return the Host names we answer to: the issuer's, and loopback for health checks."""
    origin = ORIGIN.fullmatch(issuer)
    return [*([origin["host"]] if origin else []), *sorted(LOOPBACK)]
