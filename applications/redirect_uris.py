"""
Where an application may be answered (RFC 6749 3.1.2, RFC 9700 2.1, RFC 8252).

Pure: no Django models. An address is compared byte by byte; only the port of a loopback address of
an app on somebody's device is not known before.
"""

import re
from collections.abc import Collection
from urllib.parse import urlsplit

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from connections.addresses import is_plain_text

LOOPBACK = frozenset({"127.0.0.1", "[::1]"})
LOCAL = LOOPBACK | {"localhost"}
# A scheme that belongs to somebody: a domain name backwards (RFC 8252 7.1).
PRIVATE_SCHEME = re.compile(r"[a-z][a-z0-9+-]*(\.[a-z0-9+-]+)+")


def problem(uri: str, *, is_native: bool, allow_local: bool) -> str | Promise:
    """
    Say why an address cannot be registered; return an empty text if it can.

    `is_native` is for programs on people's devices; `allow_local` for development.
    """
    try:
        parts = urlsplit(uri)
        host, _port = parts.hostname, parts.port
    except ValueError:
        return _("Enter an address such as https://app.example.org/callback.")
    if not is_plain_text(uri) or "#" in uri or "*" in uri or "@" in parts.netloc:
        return _("Enter an address without spaces, *, @ or a fragment (#).")
    if parts.scheme == "https" and host:
        return ""
    if parts.scheme == "http" and host:
        name = _bracketed(host)
        if (is_native and name in LOOPBACK) or (allow_local and name in LOCAL):
            return ""
        return _("Enter an address that starts with https://.")
    if is_native and PRIVATE_SCHEME.fullmatch(parts.scheme):
        return ""
    return _("Enter an address that starts with https://.")


def matches(asked: str, registered: Collection[str], *, is_native: bool) -> bool:
    """Say whether an address is one of those that are registered, to the last character."""
    if asked in registered:
        return True
    return is_native and _without_loopback_port(asked) in {
        _without_loopback_port(uri) for uri in registered
    } - {None}


def is_web(uri: str) -> bool:
    """Say whether an address belongs to a web site: nobody else can be answering there."""
    return uri.startswith("https://")


def origin(uri: str) -> str:
    """Return the origin of a web address."""
    parts = urlsplit(uri)
    return f"{parts.scheme}://{parts.netloc}"


def _without_loopback_port(uri: str) -> str | None:
    """Return a loopback address without its port (RFC 8252 7.3); None for any other."""
    try:
        parts = urlsplit(uri)
        name, _port = _bracketed(parts.hostname or ""), parts.port
    except ValueError:
        return None
    if parts.scheme != "http" or name not in LOOPBACK or "@" in parts.netloc or "#" in uri:
        return None
    return parts._replace(netloc=name).geturl()


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
