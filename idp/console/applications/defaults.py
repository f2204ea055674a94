"""The types of applications in words, and what each of them starts out with."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from applications.grant_types import CLIENT_CREDENTIALS, REFRESH_TOKEN, TOKEN_EXCHANGE
from applications.models import Application

Type = Application.Type


@dataclass(frozen=True, slots=True)
class Kind:
    """A type of application: what it is, its icon, and the grants of a new one."""

    icon: str
    text: str | Promise
    grants: tuple[str, ...]


KINDS: dict[str, Kind] = {
    Type.STANDARD: Kind(
        "badge-check",
        _("Any OpenID Connect client. You set every protocol detail yourself."),
        (TOKEN_EXCHANGE, REFRESH_TOKEN),
    ),
    Type.TRADITIONAL_WEB: Kind(
        "server",
        _("Runs on a server and can keep a secret: a web application or an API gateway."),
        (TOKEN_EXCHANGE, REFRESH_TOKEN),
    ),
    Type.MOBILE: Kind(
        "smartphone",
        _("Runs on a phone and can keep no secret: a public client."),
        (TOKEN_EXCHANGE, REFRESH_TOKEN),
    ),
    Type.SINGLE_PAGE: Kind(
        "panels-top-left",
        _(
            "Runs in a browser. Token exchange is not for it: scripts of others could read the "
            "tokens there. Let its server exchange them."
        ),
        (),
    ),
    Type.MACHINE: Kind(
        "cpu",
        _("A service or a job without a person in front of it, with credentials of its own."),
        (TOKEN_EXCHANGE, CLIENT_CREDENTIALS),
    ),
}


def default_grants(kind: str) -> list[str]:
    """Return the grants that a new application of a type is allowed."""
    return list(KINDS[kind].grants) if kind in KINDS else []
