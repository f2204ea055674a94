"""
Disable, enable and delete: what the danger zones of connections and applications share.

A zone says in numbers what stops before it does anything, and each of its buttons does one thing in
one transaction, with its entry in the audit log.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.db import IntegrityError, models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from connections.sections import ModelSection
from idp import audit
from idp.configuration.problems import flatten
from idp.console.changing import changing
from idp.console.editing import INVALID


@dataclass(frozen=True, slots=True)
class Stakes:
    """What a person should know first: what stops, what goes, and why it may not be deleted."""

    stops: list[str]
    goes: list[str]
    kept_by: str = ""


@dataclass(frozen=True, slots=True)
class Zone:
    """
    A kind of thing that has a danger zone; `url_name` is the zone's, `list_name` the list's.

    Without a switch it can be deleted, and is neither enabled nor disabled. `goes_along` returns
    what the audit log keeps of a deletion besides the row's own description.
    """

    model: type[models.Model]
    serializer: type[ModelSection]
    template: str
    url_name: str
    list_name: str
    stakes: Callable[[Any], Stakes]
    has_switch: bool = True
    goes_along: Callable[[Any], dict[str, Any]] = lambda row: {}


class Refused(Exception):
    """Something was not done; the message says what to do instead."""


@dataclass(slots=True)
class _Problem:
    """What was wrong with what was sent: shown on top, and where it was typed."""

    text: str = ""
    at: str = ""
    typed: str = field(default="")


def danger_zone(request: HttpRequest, pk: int, zone: Zone) -> HttpResponse:
    """Show what would stop, or do what was asked for."""
    if request.method != "POST":
        return _page(request, zone, pk, _Problem())
    name = request.POST.get("action", "")
    typed = request.POST.get("confirmation", "")
    try:
        with changing(request):
            row = get_object_or_404(zone.model.objects.select_for_update(), pk=pk)
            return _act(request, zone, row, name)
    except Refused as refusal:
        return _page(request, zone, pk, _Problem(str(refusal), name, typed), INVALID)
    except IntegrityError:  # ProtectedError is one: what must stay is still there, or is new
        text = zone.stakes(get_object_or_404(zone.model, pk=pk)).kept_by
        problem = _Problem(text or _("Something changed meanwhile. Send it again."), name, typed)
        return _page(request, zone, pk, problem, INVALID)


def _act(request: HttpRequest, zone: Zone, row: models.Model, name: str) -> HttpResponse:
    match name:
        case "disable" | "enable" if zone.has_switch:
            return _switch(request, zone, row, on=name == "enable")
        case "delete":
            return _delete(request, zone, row)
        case _:
            raise Refused(_("Choose what to do: use one of the buttons below."))


def _switch(request: HttpRequest, zone: Zone, row: Any, *, on: bool) -> HttpResponse:
    before = audit.describe(row)
    if on:
        row = _enabled(zone, row)
    else:  # whatever else is wrong with it by now: what is dangerous can always be stopped
        row.enabled = False
        row.save()
    after, actor = audit.describe(row), audit.Actor.of(request)
    events = audit.record_changes(row, before=before, after=after, actor=actor)
    if not events:
        said = _("%(name)s is enabled already.") if on else _("%(name)s is disabled already.")
    else:
        said = _("%(name)s is enabled.") if on else _("%(name)s is disabled.")
    messages.success(request, said % {"name": row.name})
    return HttpResponseRedirect(reverse(zone.url_name, args=[row.pk]))


def _enabled(zone: Zone, row: models.Model) -> models.Model:
    """Enable it, if it is fit for use: its serializer says so, as it does for `apply`."""
    serializer = zone.serializer(row, data={"enabled": True}, partial=True)
    if not serializer.is_valid():
        sentences = " ".join(str(message) for _path, message in flatten(serializer.errors, ()))
        raise Refused(_("Correct this first: %(sentences)s") % {"sentences": sentences})
    return serializer.save()


def _delete(request: HttpRequest, zone: Zone, row: Any) -> HttpResponse:
    if request.POST.get("confirmation", "").strip() != row.name:
        raise Refused(_("Type the name exactly as it is written here, to confirm."))
    name, actor = row.name, audit.Actor.of(request)
    before = audit.describe(row) | zone.goes_along(row)
    audit.record_changes(row, before=before, after={}, actor=actor)
    row.delete()
    messages.success(request, _("%(name)s was deleted.") % {"name": name})
    return HttpResponseRedirect(reverse(zone.list_name))


def _page(
    request: HttpRequest, zone: Zone, pk: int, problem: _Problem, status: int = 200
) -> HttpResponse:
    row = get_object_or_404(zone.model, pk=pk)
    context = {"object": row, "stakes": zone.stakes(row), "problem": problem}
    return render(request, zone.template, context, status=status)
