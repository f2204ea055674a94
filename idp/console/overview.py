"""The first page of the console: what happened, what needs attention, and what to do first."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from applications import grant_types
from applications.models import Application
from connections.health import Health, with_health
from connections.models import Connection
from idp.console.access import administrators_only
from idp.console.chart import draw
from idp.console.figures import figures
from idp.models import ExchangeRecord

TROUBLES_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Step:
    """Something to do before the first exchange, and where."""

    label: str | Promise
    is_done: bool
    url: str
    action: str | Promise


@administrators_only
def overview(request: HttpRequest) -> HttpResponse:
    """Show how things are."""
    found = figures()
    steps = first_steps()
    context = {
        "figures": found,
        "chart": draw(found.hours),
        "troubles": troubles(),
        "steps": [] if all(step.is_done for step in steps) else steps,
        "done": sum(step.is_done for step in steps),
    }
    return render(request, "console/overview.html", context)


def troubles() -> Sequence[Connection]:
    """Return connections whose keys fail now or will soon, the worst first."""
    rows = with_health(Connection.objects.all(), timezone.now())
    bad = rows.filter(health__in=[Health.FAILING, Health.ATTENTION])
    return bad.order_by("-health", "name").select_related("key_set")[:TROUBLES_SHOWN]


def first_steps() -> list[Step]:
    """Return what leads to a first exchange, and what of it is done."""
    may_exchange = Application.objects.filter(grant_types__contains=grant_types.TOKEN_EXCHANGE)
    has_connection = Q(connection_choice=Application.ConnectionChoice.ALL) | Q(
        connections__isnull=False
    )
    granted = ExchangeRecord.objects.filter(outcome=ExchangeRecord.Outcome.GRANTED).order_by("at")
    ready = may_exchange.filter(has_connection).values_list("pk", flat=True).first()
    applications = reverse("applications")
    return [
        Step(_("Trust an issuer"), Connection.objects.exists(),
             reverse("connection-setup"), _("Set up")),
        Step(_("Register an application"), Application.objects.exists(),
             reverse("application-new"), _("Register")),
        Step(_("Allow it to exchange tokens"), ready is not None, applications, _("Choose")),
        Step(_("See the first exchange succeed"), granted.exists(),
             reverse("application-exchange", args=[ready]) if ready else applications,
             _("Get the curl")),
    ]  # fmt: skip
