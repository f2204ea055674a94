"""The first tab of a connection: what it is called, and how to use it."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from applications import grant_types
from applications.models import Application
from connections.discovery import metadata_urls
from connections.models import Connection
from idp.console.access import administrators_only
from idp.console.connections import tools
from idp.console.connections.forms import ConnectionForm, GeneralForm
from idp.console.connections.typed import typed
from idp.console.editing import Editing, edit
from idp.models import ExchangeRecord

CURL = """\
curl {endpoint} \\
  -u "$CLIENT_ID:$CLIENT_SECRET" \\
  -d grant_type=urn:ietf:params:oauth:grant-type:token-exchange \\
  -d subject_token="$SUBJECT_TOKEN" \\
  -d subject_token_type=urn:ietf:params:oauth:token-type:jwt \\
  -d requested_token_type=urn:ietf:params:oauth:token-type:access_token"""

NAMED = 3  # applications named as allowed already

TEMPLATE = "console/connections/general.html"


@administrators_only
def general(request: HttpRequest, connection_id: int) -> HttpResponse:
    """Show the connection, and change what step 1 of the wizard asked."""

    def find(*, lock: bool = False) -> Connection:
        return find_connection(connection_id, lock=lock)

    if request.method != "POST":
        return edit(request, Editing(GeneralForm, find, TEMPLATE, context))
    sent = typed(request)
    tool = tools.asked(sent, request)
    if tool:
        row = find()
        form = GeneralForm(sent.fields, instance=row, problems=sent.problems).unjudged()
        found = tools.use(tool, sent, request)
        shown = {"object": row, "form": form, **context(row, form), "found": found}
        return render(request, TEMPLATE, shown)
    request.POST = sent.fields
    arguments = {"problems": sent.problems}
    return edit(request, Editing(GeneralForm, find, TEMPLATE, context, arguments))


def find_connection(connection_id: int, *, lock: bool = False) -> Connection:
    """Return a connection, locked where it is to be changed (404)."""
    rows = Connection.objects.select_for_update() if lock else Connection.objects
    return get_object_or_404(rows, pk=connection_id)


def context(row: models.Model, form: ConnectionForm) -> dict[str, Any]:
    """Return what the tab shows beside the form."""
    endpoint = settings.ISSUER + reverse("token")
    is_unused = not ExchangeRecord.objects.filter(connection=row).exists()
    return {
        "endpoint": endpoint,
        "curl": CURL.format(endpoint=endpoint),
        "our_issuer": settings.ISSUER,
        "metadata_url": metadata_urls(row.issuer)[0],
        "is_unused": is_unused,
        "allowed": _allowed(row) if is_unused else (),
        "found": tools.Found(),
    }


def _allowed(row: models.Model) -> Sequence[Application]:
    """Return some of the applications that may exchange the connection's tokens already."""
    chosen = models.Q(connection_choice=Application.ConnectionChoice.SELECTED, connections=row)
    may = models.Q(connection_choice=Application.ConnectionChoice.ALL) | chosen
    rows = Application.objects.filter(
        may, enabled=True, grant_types__contains=grant_types.TOKEN_EXCHANGE
    )
    return rows.distinct().order_by("name")[:NAMED]
