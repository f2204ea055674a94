"""What an address of an issuer may look like, before anything is resolved or fetched."""

import ipaddress
from urllib.parse import urlsplit

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

type Sentence = str | Promise

PORTS = (None, 443, 8443)
LOOPBACK_NAMES = {"localhost", "127.0.0.1", "::1"}


def is_plain_text(text: str) -> bool:
    """Say whether the text is printable ASCII without spaces, quotes and backslashes."""
    return all("!" <= char <= "~" and char not in '"\\<>' for char in text)


def issuer_problem(issuer: str, *, allow_local: bool) -> Sentence | None:
    """
    Say what is wrong with an issuer identifier, or return None (RFC 8414 2).

    It is compared, never fetched, so a private address is fine; its form is not negotiable.
    """
    if problem := _form_problem(issuer, allow_local=allow_local):
        return problem
    if "?" in issuer or "#" in issuer:
        return _("Enter the issuer without a query (?) and without a fragment (#).")
    return None


def fetch_problem(url: str, *, allow_local: bool) -> Sentence | None:
    """
    Say why a URL must not be fetched, or return None.

    Looks at the text only; the address a name resolves to is checked when connecting.
    """
    if problem := _form_problem(url, allow_local=allow_local):
        return problem
    host = (urlsplit(url).hostname or "").rstrip(".")
    if allow_local and host in LOOPBACK_NAMES:
        return None
    if "#" in url:
        return _("Enter the URL without a fragment (#).")
    if host in LOOPBACK_NAMES or host.endswith((".localhost", ".internal", ".local")):
        return _("Enter a public address: this one is inside a private network.")
    if urlsplit(url).port not in PORTS:
        return _("Enter a URL with the port 443 or 8443: other services are not spoken to.")
    return _literal_problem(host)


def _form_problem(url: str, *, allow_local: bool) -> Sentence | None:
    if not url or not is_plain_text(url):
        return _("Enter a URL without spaces, quotes or unusual characters.")
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname, parts.port
    except ValueError:
        return _("Enter a URL such as https://login.example.com.")
    if not host or "@" in parts.netloc or any(s in ("..", ".") for s in parts.path.split("/")):
        return _("Enter a URL such as https://login.example.com.")
    if parts.scheme != "https" and not (
        allow_local and parts.scheme == "http" and host in LOOPBACK_NAMES
    ):
        return _("Enter a URL that starts with https://.")
    return None


def _literal_problem(host: str) -> Sentence | None:
    """Refuse IP addresses in any spelling: `2130706433` and `127.1` are 127.0.0.1 to a resolver."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        if not host.replace(".", "").isdigit() and not host.startswith("0x"):
            return None
    return _("Enter a host name: numeric addresses are not fetched.")
