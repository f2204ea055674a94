"""All applications as a list, and what is general about one."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Greatest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from applications.models import Application
from idp.addresses import absolute
from idp.console.access import administrators_only
from idp.console.applications import secrets
from idp.console.applications.defaults import KINDS
from idp.console.applications.find import finder
from idp.console.applications.forms import GeneralForm
from idp.console.applications.protocol import GRANTS
from idp.console.editing import Editing, edit
from idp.console.forms import EntryForm
from idp.console.paging import page
from idp.models import ExchangeRecord

MOST_COUNTED = 1000  # attempts of one application: beyond it is enough to know that there are more
ENDPOINTS = (
    (_("Token endpoint"), "token"),
    (_("Introspection"), "introspect"),
    (_("Revocation"), "revoke"),
    (_("Public keys"), "jwks"),
    (_("Metadata"), "metadata"),
)
STATES = {"enabled": True, "disabled": False}


@administrators_only
def index(request: HttpRequest) -> HttpResponse:
    """List the applications."""
    asked = {name: request.GET.get(name, "")[:100] for name in ("q", "type", "state")}
    found = page(request, _filtered(Application.objects.all(), asked), "name")
    context = {
        "page": found,
        "rows": [_row(each) for each in _with_use([each.pk for each in found.rows])],
        "asked": asked,
        "is_filtered": any(asked.values()),
        "types": Application.Type.choices,
        "most_counted": MOST_COUNTED,
    }
    template = "console/applications/list.html"
    return render(request, f"{template}#rows" if request.htmx else template, context)


def _filtered(rows: QuerySet[Application], asked: dict[str, str]) -> QuerySet[Application]:
    if words := asked["q"].replace("\0", "").strip():
        rows = rows.filter(Q(name__icontains=words) | Q(client_id__icontains=words))
    if asked["type"] in Application.Type.values:
        rows = rows.filter(type=asked["type"])
    if asked["state"] in STATES:
        rows = rows.filter(enabled=STATES[asked["state"]])
    return rows


def _with_use(keys: list[int]) -> QuerySet[Application]:
    """
    Add when each was used last, and how many attempts a day had, MOST_COUNTED at most.

    An index answers both; the count goes no further back than the attempt before the most.
    """
    attempts = ExchangeRecord.objects.filter(application=OuterRef("pk")).order_by("-at")
    a_day_ago = Value(timezone.now() - timedelta(days=1))
    first = Coalesce(Subquery(attempts.values("at")[MOST_COUNTED : MOST_COUNTED + 1]), a_day_ago)
    counted = attempts.filter(at__gte=Greatest(OuterRef("first"), a_day_ago)).order_by()
    return (
        Application.objects.filter(pk__in=keys)
        .annotate(last_used=Subquery(attempts.values("at")[:1]), first=first)
        .annotate(
            exchanges=Coalesce(
                Subquery(counted.values("application").annotate(n=Count("*")).values("n")), 0
            )
        )
        .order_by("name", "pk")
    )


def _row(application: Application) -> dict[str, Any]:
    return {
        "application": application,
        "icon": KINDS[application.type].icon,
        "grants": [label for name, label in GRANTS if name in application.grant_types],
        "exchanges": min(application.exchanges, MOST_COUNTED),
        "has_more": application.exchanges > MOST_COUNTED,
    }


@administrators_only
def general(request: HttpRequest, pk: int) -> HttpResponse:
    """Change name and description; show secrets and addresses."""
    template = "console/applications/general.html"
    return edit(request, Editing(GeneralForm, finder(pk), template, _general_context))


def _general_context(application: Application, form: EntryForm) -> dict[str, Any]:
    return {
        "present": secrets.fingerprint(application),
        "has_former": secrets.has_former(application),
        "endpoints": [
            (_("Issuer"), settings.ISSUER),
            *((label, absolute(name)) for label, name in ENDPOINTS),
        ],
    }
