"""Where e-mail goes out: an SMTP server by URL; the terminal in development."""

from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

TERMINAL = "django.core.mail.backends.console.EmailBackend"
SMTP = "django.core.mail.backends.smtp.EmailBackend"
# Scheme: port, and whether TLS is there from the start or asked for (STARTTLS), and then required
SCHEMES: dict[str, tuple[int, dict[str, bool]]] = {
    "smtps": (465, {"use_ssl": True}),
    "smtp": (587, {"use_tls": True}),
    "smtp+insecure": (25, {}),
}
PATIENCE = 10  # seconds: a person waits


def configure(url: str, *, development: bool) -> dict[str, Any]:
    """
    Return Django's settings for sending by the server at `url`; empty where none is named.

    :raises ImproperlyConfigured: for another form, without repeating the URL: it has a password
    """
    if not url:
        return {"default": {"BACKEND": TERMINAL}} if development else {}
    parts = _parts(url)
    if parts is None:
        raise ImproperlyConfigured(
            "Set AGIO_EMAIL_URL to smtps://user:password@host, or smtp:// for STARTTLS; "
            "the user and the password are percent-encoded."
        )
    port, security = SCHEMES[parts.scheme]
    options = {
        "host": parts.hostname,
        "port": parts.port or port,
        "username": unquote(parts.username or ""),
        "password": unquote(parts.password or ""),
        "timeout": PATIENCE,
        **security,
    }
    return {"default": {"BACKEND": SMTP, "OPTIONS": options}}


def _parts(url: str) -> SplitResult | None:
    """Return the parts of a server's address; None for anything else."""
    try:
        parts = urlsplit(url)
        is_whole = parts.scheme in SCHEMES and parts.hostname and (parts.port is None or parts.port)
    except ValueError:
        return None
    has_more = parts.path.strip("/") or parts.query or parts.fragment
    return parts if is_whole and not has_more else None


def obstacle() -> str | Promise:
    """Say why no e-mail can be sent; return an empty text if it can."""
    if settings.MAILERS:
        return ""
    return _("This server sends no e-mail: whoever runs it sets AGIO_EMAIL_URL first.")
