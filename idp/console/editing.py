"""
Change one thing through one form: see it, send it, hear what is wrong, or that it is done.

Somebody else's simultaneous change is never overwritten: a form carries the version of what it
showed, and where that is no longer so, both are shown and nothing is saved.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.db import IntegrityError, models
from django.forms import PasswordInput
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _

from idp import audit
from idp.console.changing import changing
from idp.console.forms import EntryForm
from idp.console.private_keys import holds_private_key

INVALID = 422
CONFLICT = 409
NOT_AGAIN = ("csrfmiddlewaretoken", "client_secret")


@dataclass(frozen=True, slots=True)
class Editing:
    """
    What a page edits.

    `find` returns the row, locked where it is to be changed: `find(lock=True)`. `context` returns
    what the template needs besides `form` and `object`.
    """

    form_class: type[EntryForm]
    find: Callable[..., models.Model]
    template: str
    context: Callable[[models.Model, EntryForm], dict[str, Any]] = lambda row, form: {}
    form_arguments: dict[str, Any] = field(default_factory=dict)


def edit(request: HttpRequest, editing: Editing) -> HttpResponse:
    """Show the form, or save what was sent and come back to it."""
    if request.method != "POST":
        row = editing.find()
        return _page(request, editing, row, _form(editing, None, row))
    try:
        with changing(request):
            return _save(request, editing)
    except IntegrityError:  # two at the same moment, and the other was first: now it can be read
        row = editing.find()
        form = _form(editing, request.POST, row)
        if form.is_valid():
            form.add_error(None, _("Somebody else saved at the same moment. Send it again."))
        return _page(request, editing, row, form, INVALID)


def _save(request: HttpRequest, editing: Editing) -> HttpResponse:
    row = editing.find(lock=True)
    form = _form(editing, request.POST, row)
    if request.POST.get("version") != form.version:
        return _conflict(request, editing, row, form)
    if not form.is_valid():
        return _page(request, editing, row, form, INVALID)
    before = audit.describe(row)
    saved = form.save()
    after = audit.describe(saved)
    actor = audit.Actor.of(request)
    events = audit.record_changes(saved, before=before, after=after, actor=actor)
    messages.success(request, _("Saved.") if events else _("There was nothing to change."))
    for notice in form.serializer.notices if form.serializer else ():
        messages.warning(request, notice)
    return HttpResponseRedirect(request.get_full_path())


def _form(editing: Editing, sent: Any, row: models.Model) -> EntryForm:
    return editing.form_class(sent, instance=row, **editing.form_arguments)


def _page(
    request: HttpRequest, editing: Editing, row: models.Model, form: EntryForm, status: int = 200
) -> HttpResponse:
    # What a form could not save stays in the row's fields: the page must not show it as saved.
    row = editing.find() if form.is_bound else row
    context = {"object": row, "form": form, **editing.context(row, form)}
    return render(request, editing.template, context, status=status)


def _conflict(
    request: HttpRequest, editing: Editing, row: models.Model, form: EntryForm
) -> HttpResponse:
    """Show what is saved by now beside what was sent, field by field."""
    form.is_valid()
    present = editing.form_class(None, instance=row, **editing.form_arguments)
    pairs = [
        (bound.label, shown(present[bound.name].value()), shown(bound.value()))
        for bound in form.visible_fields()
        if not isinstance(bound.field.widget, PasswordInput)
    ]
    differing = [pair for pair in pairs if pair[1] != pair[2]]
    # Both were seen now: what is sent from here on is about the present version.
    sent = [pair for pair in sent_pairs(request) if pair[0] != "version"]
    context = {"object": row, "form": form, "pairs": differing, "sent": sent}
    return render(request, "console/conflict.html", context, status=CONFLICT)


def shown(value: Any) -> str:
    """Write the value of a field as a person reads it."""
    if isinstance(value, bool):
        return _("on") if value else _("off")
    if isinstance(value, list | tuple | set | frozenset):
        return ", ".join(sorted(map(str, value)))
    return "" if value is None else str(value)


def sent_pairs(request: HttpRequest) -> list[tuple[str, str]]:
    """
    Return what was sent, to be sent again: without the token against forgery.

    The version goes along, or what others saved meanwhile would be overwritten. A private key that
    somebody pasted goes into no page and no session, nor does a client secret.
    """
    return [
        (name, value)
        for name, values in request.POST.lists()
        if name not in NOT_AGAIN
        for value in values
        if not holds_private_key(value)
    ]
