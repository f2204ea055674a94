"""
Pages of a list by key: the rows after or before one, never a number of pages.

Counting a million rows, or skipping half of them, takes as long as reading them. One row more than
a page shows says whether there is another page.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.signing import BadSignature, Signer
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

ROWS = 50


@dataclass(slots=True)
class Page:
    """Some rows, and the keys from which the next ones go on; empty where there are none."""

    rows: Sequence[Any]
    older: str = ""
    newer: str = ""
    older_label: str | Promise = field(default_factory=lambda: _("Next"))
    newer_label: str | Promise = field(default_factory=lambda: _("Previous"))

    @property
    def summary(self) -> str:
        """Say how many rows are shown."""
        count = len(self.rows)
        shown = ngettext("%(count)d row", "%(count)d rows", count) % {"count": count}
        return f"{shown}, {_('and there are more')}" if self.older or self.newer else shown


def page(request: HttpRequest, rows: QuerySet[Any], order: str, **labels: Any) -> Page:
    """
    Return the page that `after` or `before` of the address asks for, else the first.

    `order` is the column of the list's order, `-at` for the newest first; the primary key breaks
    ties. An address that was made up shows the first page.
    """
    column, falls = order.removeprefix("-"), order.startswith("-")
    signer = Signer(salt=f"idp.console.paging {rows.model._meta.label} {column}")
    backwards = "before" in request.GET
    key = _key(signer, request.GET.get("before" if backwards else "after"))
    if key:
        rows = rows.filter(_beyond(column, key, less=falls != backwards))
    else:
        backwards = False
    sign = "-" if falls != backwards else ""
    found = list(rows.order_by(f"{sign}{column}", f"{sign}pk")[: ROWS + 1])
    has_more, found = len(found) > ROWS, found[:ROWS]
    if backwards:
        found.reverse()
    result = Page(found, **labels)
    if found and (backwards or has_more):
        result.older = _token(signer, found[-1], column)
    if found and ((key and not backwards) or (backwards and has_more)):
        result.newer = _token(signer, found[0], column)
    return result


def _beyond(column: str, key: list[Any], *, less: bool) -> Q:
    value, primary = key
    step = "lt" if less else "gt"
    # The first condition follows from the others: an index serves it, and nothing before is read.
    reaches = Q(**{f"{column}__{step}e": value})
    return reaches & (Q(**{f"{column}__{step}": value}) | Q(**{f"pk__{step}": primary}))


def _token(signer: Signer, row: Any, column: str) -> str:
    value = getattr(row, column)
    text = value.isoformat() if hasattr(value, "isoformat") else value
    return signer.sign_object([text, str(row.pk)])


def _key(signer: Signer, token: str | None) -> list[Any] | None:
    """Return the key that we signed for this very list; None for what was made up."""
    try:
        return signer.unsign_object(token) if token else None
    except BadSignature:
        return None
