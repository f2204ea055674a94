"""Recorded exchange attempts, as an administrator reads them."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from idp.console.access import administrators_only
from idp.console.checks import steps
from idp.models import ExchangeRecord


@administrators_only
def detail(request: HttpRequest, record_id: uuid.UUID) -> HttpResponse:
    """Show one attempt: every check in order, and what the client was told of it."""
    records = ExchangeRecord.objects.select_related("application", "connection", "user")
    record = get_object_or_404(records, pk=record_id)
    return render(request, "console/exchange.html", {"record": record, "steps": steps(record)})
