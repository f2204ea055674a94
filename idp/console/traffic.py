"""
Who used a connection or an application lately, in numbers.

A bounded number of the latest rows is looked at, however many there are; where that does not reach
back far enough, the numbers say so.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import models
from django.db.models import Count, Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import FederatedLink
from applications.models import Application
from idp.models import AccessToken, ExchangeRecord, TokenFamily

SPAN = timedelta(days=7)
LOOKED_AT = 10_000  # rows


@dataclass(frozen=True, slots=True)
class Use:
    """What was granted lately; `period` says how lately."""

    exchanges: int
    identities: int
    applications: int
    connections: int
    period: str


@dataclass(frozen=True, slots=True)
class Links:
    """
    How many identities used an application lately, and how many of them have no linked account.

    `may_match` of those come over a connection that links accounts automatically.
    """

    identities: int
    unlinked: int
    may_match: int
    period: str

    @property
    def linked(self) -> int:
        """Return how many have a linked account."""
        return self.identities - self.unlinked


def use_of(**which: Any) -> Use:
    """Return who used a connection or an application in the last days."""
    rows, period = _lately(**which)
    granted = rows.filter(outcome=ExchangeRecord.Outcome.GRANTED)
    totals = granted.aggregate(
        exchanges=Count("pk"),
        applications=Count("application", distinct=True),
        connections=Count("connection", distinct=True),
    )
    return Use(identities=_identities(granted).count(), period=period, **totals)


def links_of(application: Application) -> Links:
    """Return how many identities that used the application lately have a linked account."""
    rows, period = _lately(application=application)
    used = _identities(rows)
    link = FederatedLink.objects.filter(
        connection=OuterRef("connection_id"), subject=OuterRef("subject")
    )
    columns = ("connection_id", "subject", "has_link", "connection__implicit_linking")
    found = used.annotate(has_link=Exists(link)).values_list(*columns)
    unlinked = [may_match for *_identity, has_link, may_match in found if not has_link]
    return Links(len(found), len(unlinked), sum(map(bool, unlinked)), period)


def live_tokens(**which: Any) -> str:
    """Say how many tokens are good now, access tokens and what can be refreshed; "" for none."""
    tokens, more = _live(AccessToken, which)
    families, more_families = _live(TokenFamily, which)
    if not (tokens or families or more or more_families):
        return ""
    access = ngettext("%(n)s access token", "%(n)s access tokens", tokens)
    grants = ngettext("%(n)s refreshable session", "%(n)s refreshable sessions", families)
    return _("%(tokens)s and %(families)s") % {
        "tokens": access % {"n": _number(tokens, is_cut=more)},
        "families": grants % {"n": _number(families, is_cut=more_families)},
    }


def count_of(rows: QuerySet[Any]) -> tuple[int, str]:
    """Return how many rows there are, and how to write it; many are not counted to the end."""
    count = rows.order_by()[: LOOKED_AT + 1].count()
    return count, _number(min(count, LOOKED_AT), is_cut=count > LOOKED_AT)


def _number(count: int, *, is_cut: bool = False) -> str:
    text = number_format(count, force_grouping=True)
    return _("at least %(number)s") % {"number": text} if is_cut else text


def _lately(**which: Any) -> tuple[QuerySet[ExchangeRecord], str]:
    attempts = ExchangeRecord.objects.filter(**which)
    rows, is_cut = _latest(attempts, "at", timezone.now() - SPAN)
    if not is_cut:
        return rows, _("in the last 7 days")
    return rows, _("among the latest %(number)s attempts") % {"number": _number(LOOKED_AT)}


def _latest(rows: QuerySet[Any], column: str, floor: datetime) -> tuple[QuerySet[Any], bool]:
    """Return the rows from `floor` on, at most the latest; and whether that left some out."""
    times = rows.filter(**{f"{column}__gte": floor}).order_by(f"-{column}")
    cut = list(times.values_list(column, flat=True)[LOOKED_AT : LOOKED_AT + 1])
    # By time and not by a subquery of keys: one range of the index is read.
    kept = rows.filter(**{f"{column}__gt": cut[0]} if cut else {f"{column}__gte": floor})
    return kept.order_by(), bool(cut)


def _identities(rows: QuerySet[ExchangeRecord]) -> QuerySet[ExchangeRecord]:
    """Return each outside identity once: those whose token was proved to be theirs."""
    named = rows.exclude(subject="").filter(connection__isnull=False)
    return named.values("connection_id", "subject").distinct()


def _live(model: type[models.Model], which: dict[str, Any]) -> tuple[int, bool]:
    # Tokens have an index of time, and none for each application: so those of all are looked at.
    rows, is_cut = _latest(model.objects.all(), "expires_at", timezone.now())
    return rows.filter(revoked_at=None, **which).count(), is_cut
