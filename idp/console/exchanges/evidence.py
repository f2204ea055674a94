"""
What each check of an attempt found, and what it was held against, in words.

From the record alone: what an application or a connection allows today says nothing about then.
Where a record has no evidence, because it is an old one, the words are empty.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from idp.exchange.policy import Preference, preference
from idp.models import ExchangeRecord

type Text = str | Promise
type Pair = tuple[Text, Text]

# Whom a token is for, as an application wishes and as it was decided
WISHES: Mapping[Preference, Text] = {
    Preference.FEDERATED: gettext_lazy("the outside identity itself"),
    Preference.PREFER_LOCAL: gettext_lazy("a linked local account, else the outside identity"),
    Preference.MANDATE_LOCAL: gettext_lazy("a linked local account that is enabled"),
}
NO_PERSON = gettext_lazy("the outside identity itself")
KEYS: Mapping[str, Text] = {
    "jwks": gettext_lazy("a key of its JWKS"),
    "certificates": gettext_lazy("the key of one of its certificates"),
}
CONNECTIONS: Mapping[str, Text] = {
    "all": gettext_lazy("any connection"),
    "selected": gettext_lazy("one of its selected connections"),
}


def _client(record: ExchangeRecord) -> Pair:
    return record.client_id, _of(record, "application", "authentication")


def _grant(record: ExchangeRecord) -> Pair:
    return "token-exchange", _of(record, "application", "grants")


def _request(_record: ExchangeRecord) -> Pair:
    return _("every parameter once, in the body"), ""


def _token_type(record: ExchangeRecord) -> Pair:
    typ = _of(record, "token", "typ")
    return record.subject_token_type, f"typ {typ}" if typ else ""


def _format(record: ExchangeRecord) -> Pair:
    parts = {name: _of(record, "token", name) for name in ("alg", "kid", "typ")}
    return ", ".join(f"{name} {value}" for name, value in parts.items() if value), ""


def _issuer(record: ExchangeRecord) -> Pair:
    return _of(record, "token", "iss") or record.issuer, record.issuer


def _connection(record: ExchangeRecord) -> Pair:
    name = record.connection.name if record.connection else ""
    return name, CONNECTIONS.get(_of(record, "application", "connections"), "")


def _algorithm(record: ExchangeRecord) -> Pair:
    return _of(record, "token", "alg"), _of(record, "connection", "algorithms")


def _signature(record: ExchangeRecord) -> Pair:
    kid = _of(record, "token", "kid")
    return f"kid {kid}" if kid else "", KEYS.get(_of(record, "connection", "keys"), "")


def _time(record: ExchangeRecord) -> Pair:
    times = {name: _of(record, "token", name) for name in ("iat", "nbf", "exp")}
    found = ", ".join(f"{name} {_moment(text)}" for name, text in times.items() if text)
    rules = record.evidence.get("connection")
    if not rules:
        return found, ""
    words = _("now %(now)s, %(skew)s s of skew, at most %(age)s s old")
    return found, words % {**rules, "now": _written(record.at)}


def _subject(record: ExchangeRecord) -> Pair:
    return record.subject, ""


def _audience(record: ExchangeRecord) -> Pair:
    alias = _of(record, "connection", "alias")
    wanted = " ".join(filter(None, (settings.ISSUER, alias)))
    return _of(record, "token", "aud"), wanted


def _account(record: ExchangeRecord) -> Pair:
    found = record.user.username if record.user else NO_PERSON if record.identity else ""
    rules = record.evidence.get("application")
    if not rules:
        return found, ""
    wish = preference(prioritize=rules["prioritize"], mandate=rules["mandate"])
    return found, WISHES[wish]


def _target(record: ExchangeRecord) -> Pair:
    return record.audience or _("none asked for"), _of(record, "application", "audiences")


def _scope(record: ExchangeRecord) -> Pair:
    return record.scope or _("none asked for"), _of(record, "application", "scopes")


def _replay(record: ExchangeRecord) -> Pair:
    once = record.evidence.get("connection", {}).get("once")
    wanted = {True: _("each token once"), False: _("tokens may be used again")}.get(once, "")
    return _of(record, "token", "jti"), wanted


EVIDENCE: Mapping[str, Callable[[ExchangeRecord], Pair]] = {
    "client": _client,
    "grant": _grant,
    "request": _request,
    "token-type": _token_type,
    "format": _format,
    "issuer": _issuer,
    "connection": _connection,
    "algorithm": _algorithm,
    "signature": _signature,
    "time": _time,
    "subject": _subject,
    "audience": _audience,
    "account": _account,
    "target": _target,
    "scope": _scope,
    "replay": _replay,
}


def _of(record: ExchangeRecord, whose: str, name: str) -> str:
    value: Any = record.evidence.get(whose, {}).get(name, "")
    return str(value)


def _moment(text: str) -> str:
    """Return a NumericDate as a time; what is none, as it stands."""
    try:
        return _written(datetime.fromtimestamp(float(text), UTC))
    except (ValueError, OverflowError, OSError):
        return text


def _written(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
