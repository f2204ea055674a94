"""Enter something new through one form."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.db import IntegrityError, models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from idp import audit
from idp.console.changing import changing
from idp.console.editing import INVALID
from idp.console.forms import EntryForm


@dataclass(frozen=True, slots=True)
class Adding:
    """What is entered, what to say when it is there, and the page to go on with."""

    form_class: type[EntryForm]
    template: str
    done: str | Promise
    leads_to: Callable[[models.Model], str]


def add(request: HttpRequest, adding: Adding) -> HttpResponse:
    """Show the form, or save what was sent and lead on."""
    if request.method != "POST":
        return _page(request, adding, adding.form_class())
    form = adding.form_class(request.POST)
    try:
        with changing(request):
            row = _create(request, form)
    except IntegrityError:  # somebody else was quicker with the same name: now it can be read
        row, form = None, adding.form_class(request.POST)
        if form.is_valid():
            form.add_error(None, _("Somebody else saved at the same moment. Send it again."))
    if row is None:
        return _page(request, adding, form, INVALID)
    messages.success(request, adding.done)
    return HttpResponseRedirect(adding.leads_to(row))


def _create(request: HttpRequest, form: EntryForm) -> models.Model | None:
    if not form.is_valid():
        return None
    row = form.save()
    actor = audit.Actor.of(request)
    audit.record_changes(row, before={}, after=audit.describe(row), actor=actor)
    return row


def _page(request: HttpRequest, adding: Adding, form: EntryForm, status: int = 200) -> HttpResponse:
    return render(request, adding.template, {"form": form}, status=status)
