"""What this server runs with, and the variable that sets it: never a secret."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db import connection
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.models import Application
from idp.addresses import absolute

MINUTE, HOUR = 60, 3600  # seconds


@dataclass(frozen=True, slots=True)
class Fact:
    """A value, and the variable that sets it; no variable for what is always so."""

    label: str | Promise
    value: str | Promise
    variable: str = ""
    can_copy: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Facts that belong together."""

    title: str | Promise
    facts: Sequence[Fact]


def groups() -> list[Group]:
    """Return what is set, in the order of a first look."""
    return [_addresses(), _operation(), _mail(), _limits()]


def _addresses() -> Group:
    facts = [
        Fact(gettext_lazy("Issuer"), settings.ISSUER, "AGIO_ISSUER", can_copy=True),
        Fact(gettext_lazy("Metadata"), absolute("metadata"), can_copy=True),
        Fact(gettext_lazy("Token endpoint"), absolute("token"), can_copy=True),
        Fact(gettext_lazy("Public keys"), absolute("jwks"), can_copy=True),
        Fact(
            gettext_lazy("Host names answered"),
            ", ".join(dict.fromkeys(settings.ALLOWED_HOSTS)),
            "AGIO_ALLOWED_HOSTS",
        ),
    ]
    return Group(gettext_lazy("Addresses"), facts)


def _operation() -> Group:
    database = {"sqlite": _("SQLite, for one machine"), "postgresql": "PostgreSQL"}
    cache = _("Valkey or Redis") if settings.CACHE_URL else _("None: failures are in the database")
    facts = [
        Fact(gettext_lazy("Database"), database[connection.vendor], "AGIO_DATABASE_URL"),
        Fact(gettext_lazy("Shared cache"), cache, "AGIO_CACHE_URL"),
        Fact(gettext_lazy("Behind a proxy"), _yes(settings.BEHIND_PROXY), "AGIO_BEHIND_PROXY"),
        Fact(gettext_lazy("Threads of a worker"), str(settings.THREADS), "AGIO_THREADS"),
        Fact(gettext_lazy("For development"), _yes(settings.DEVELOPMENT), "AGIO_DEBUG"),
        Fact(
            gettext_lazy("Issuers on this machine"),
            _("Allowed") if settings.ALLOW_LOCAL_ISSUERS else _("Refused"),
            "AGIO_ALLOW_LOCAL_ISSUERS",
        ),
    ]
    return Group(gettext_lazy("Operation"), facts)


def _mail() -> Group:
    mailer = settings.MAILERS.get("default")
    options = mailer.get("OPTIONS", {}) if mailer else {}
    server = f"{options['host']}:{options['port']}" if options else _("The terminal")
    facts = [
        Fact(
            gettext_lazy("Mail server"), server if mailer else _("None: no links are sent"),
            "AGIO_EMAIL_URL",
        ),
        Fact(gettext_lazy("Sender"), settings.EMAIL_FROM, "AGIO_EMAIL_FROM"),
        Fact(
            gettext_lazy("Links for a new password"),
            span(settings.PASSWORD_RESET_TIMEOUT),
        ),
    ]  # fmt: skip
    return Group(gettext_lazy("E-mail"), facts)


def _limits() -> Group:
    facts = [
        Fact(
            gettext_lazy("Failures of a client allowed"),
            str(settings.CLIENT_FAILURES),
            "AGIO_CLIENT_FAILURES",
        ),
        Fact(
            gettext_lazy("From an address allowed"),
            str(settings.ADDRESS_FAILURES),
            "AGIO_ADDRESS_FAILURES",
        ),
        Fact(
            gettext_lazy("The time they count for"),
            span(settings.FAILURE_WINDOW),
            "AGIO_FAILURE_WINDOW",
        ),
        Fact(
            gettext_lazy("Exchanges are kept"),
            _days(settings.KEEP_RECORDS_DAYS),
            "AGIO_KEEP_RECORDS_DAYS",
        ),
        Fact(
            gettext_lazy("The audit log is kept"),
            _days(settings.KEEP_AUDIT_DAYS) if settings.KEEP_AUDIT_DAYS else _("For ever"),
            "AGIO_KEEP_AUDIT_DAYS",
        ),
    ]
    return Group(gettext_lazy("Limits and retention"), facts)


def defaults() -> list[Fact]:
    """Return what a new application starts with: the model's own defaults."""
    new = Application()
    return [
        Fact(gettext_lazy("Access token format"), new.get_access_token_format_display()),
        Fact(gettext_lazy("Signing algorithm"), new.signing_algorithm),
        Fact(gettext_lazy("Access token lifetime"), span(new.access_token_lifetime)),
        Fact(gettext_lazy("Refresh token lifetime"), span(new.refresh_token_lifetime)),
        Fact(gettext_lazy("May outlive the subject token"), _yes(new.outlives_subject_token)),
    ]


def _yes(switch: bool) -> str:
    return _("Yes") if switch else _("No")


def span(seconds: int) -> str:
    """Write a time in the largest unit that it fills."""
    count = {"hours": seconds // 3600, "minutes": seconds // 60, "seconds": seconds}
    if seconds >= 2 * HOUR and seconds % HOUR == 0:
        return _("%(hours)d hours") % count
    if seconds >= 2 * MINUTE and seconds % MINUTE == 0:
        return _("%(minutes)d minutes") % count
    return _("%(seconds)d seconds") % count


def _days(count: int) -> str:
    return _("%(count)d days") % {"count": count}
