"""The list of recorded exchange attempts, and the page of one."""

import uuid

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _

from idp.console.access import administrators_only
from idp.console.exchanges.answer import answer
from idp.console.exchanges.checks import steps
from idp.console.exchanges.filters import ExchangeFilter
from idp.console.exchanges.remedies import remedy
from idp.console.paging import Page, page
from idp.console.reasons import in_words
from idp.models import ExchangeRecord

INVALID = 422
# The columns of a row; the others are for the page of one attempt.
SHOWN = (
    *("id", "at", "outcome", "reason", "client_id", "issuer", "subject", "identity"),
    *("application__name", "connection__name", "user__username", "user__public_id"),
)


def rows() -> QuerySet[ExchangeRecord]:
    """Return all attempts, with what a row of the list shows."""
    return ExchangeRecord.objects.select_related("application", "connection", "user").only(*SHOWN)


@administrators_only
def exchanges(request: HttpRequest) -> HttpResponse:
    """Show the attempts that the address asks for, newest first."""
    chosen = ExchangeFilter(request.GET, rows())
    is_valid = chosen.form.is_valid()
    found = (
        page(request, chosen.qs, "-at", older_label=_("Older"), newer_label=_("Newer"))
        if is_valid
        else Page([])
    )
    active = sum(bool(request.GET.get(name)) for name in chosen.filters)
    context = {"page": found, "form": chosen.form, "active": active, "is_filtered": active > 0}
    part = "#rows" if request.htmx else ""
    return render(
        request, f"console/exchanges.html{part}", context, status=200 if is_valid else INVALID
    )


@administrators_only
def exchange(request: HttpRequest, record_id: uuid.UUID) -> HttpResponse:
    """Show one attempt: every check in order, and what the client was told of it."""
    records = ExchangeRecord.objects.select_related("application", "connection", "user")
    record = get_object_or_404(records, pk=record_id)
    context = {
        "record": record,
        "steps": steps(record),
        "title": _("Token issued") if is_granted(record) else in_words(record.reason),
        "answer": answer(record),
        "remedy": remedy(record),
    }
    return render(request, "console/exchange.html", context)


def is_granted(record: ExchangeRecord) -> bool:
    """Say whether a token was issued."""
    return record.outcome == ExchangeRecord.Outcome.GRANTED
