"""
General → Signing keys → Review → a connection.

What is sent is kept first, then judged: it survives every mistake, Back, Next, and the browser's
own Back and Forward, since each page is a GET of what is kept. Only Finish makes a connection.
"""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from connections.models import Connection
from idp import audit
from idp.console.access import administrators_only
from idp.console.changing import changing
from idp.console.connections import drafts, steps, tools
from idp.console.connections.forms import ConnectionForm
from idp.console.connections.typed import Typed, read, typed
from idp.console.editing import INVALID
from idp.models import ConnectionDraft

# In the address: show what is wrong, or what a tool found
CHECK = "check"
TOOL = "tool"


@administrators_only
def step(request: HttpRequest, draft_id: UUID, name: str) -> HttpResponse:
    """Show a step of the wizard, or take what was sent with it."""
    if name not in steps.BY_NAME:
        raise Http404
    draft = drafts.find(request.user, draft_id)
    if draft.connection_id:
        return redirect("connection", draft.connection_id)
    if request.method == "POST":
        return _take(request, draft, name)
    if missing := steps.first_invalid(draft, steps.before(name)):
        return _back_to(draft, missing)
    if CHECK in request.GET:
        form = steps.sent_form(draft, name)
        return _page(request, draft, name, form, status=200 if form.is_valid() else INVALID)
    found = tools.Found.kept(request, steps.address(draft, name)) if TOOL in request.GET else None
    return _page(request, draft, name, steps.shown_form(draft, name), found=found)


def _take(request: HttpRequest, draft: ConnectionDraft, name: str) -> HttpResponse:
    """Keep what was sent, then do what its button says."""
    sent = typed(request)
    tool = tools.asked(sent, request)
    found = tools.use(tool, sent, request) if tool else tools.Found()
    values = drafts.raw(steps.BY_NAME[name].form_class, sent.fields)
    draft = drafts.keep(request.user, draft.pk, name, values)
    if tool:
        tools.fill_in(request, draft.pk, found)
        if sent.problems:
            form = steps.shown_form(draft, name, sent.problems)
            return _page(request, draft, name, form, found=found)
        found.keep(request, steps.address(draft, name))
        return HttpResponseRedirect(f"{steps.address(draft, name)}?{TOOL}=1")
    action = request.POST.get("action", "")
    if action == "cancel" and not sent.has_private_key:
        return _leave(request, draft)
    if action == "back" and not sent.has_private_key:
        return HttpResponseRedirect(steps.address(draft, _neighbour(name, -1)))
    return _judge(request, draft, name, sent)


def _judge(request: HttpRequest, draft: ConnectionDraft, name: str, sent: Typed) -> HttpResponse:
    if sent.problems:  # they are of this request alone: a file, or what must not be kept
        form = steps.sent_form(draft, name, sent.problems)
        form.is_valid()
        return _page(request, draft, name, form, status=INVALID)
    if name == steps.STEPS[-1].name:
        return _finish(request, draft.pk)
    if not steps.is_done(draft, name):
        return _back_to(draft, name)
    return HttpResponseRedirect(steps.address(draft, _neighbour(name, 1)))


def _finish(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Make the connection and use up the draft, both or neither; whoever comes second sees it."""
    try:
        with changing(request):
            draft = drafts.find(request.user, draft_id, lock=True)
            if draft.connection_id:
                return redirect("connection", draft.connection_id)
            if missing := steps.first_invalid(draft):
                return _back_to(draft, missing)
            connection = _create(request, draft)
    except IntegrityError:  # somebody took the name or the issuer at this very moment
        draft = drafts.find(request.user, draft_id)
        return _back_to(draft, steps.first_invalid(draft) or "review")
    created = _("Connection “%(name)s” created.")
    messages.success(request, created % {"name": connection.name})
    return redirect("connection", connection.pk)


def _create(request: HttpRequest, draft: ConnectionDraft) -> Connection:
    form = steps.sent_form(draft, "review")
    if not form.is_valid():
        raise ValueError(f"Every step is right, and the whole is not: {form.errors.as_json()}")
    connection = form.save()
    after = audit.describe(connection)
    audit.record_changes(connection, before={}, after=after, actor=audit.Actor.of(request))
    drafts.consume(draft, connection)
    for notice in form.serializer.notices if form.serializer else ():
        messages.warning(request, notice)
    return connection


def _leave(request: HttpRequest, draft: ConnectionDraft) -> HttpResponse:
    """Go back to the list. What was typed stays there as a draft."""
    if drafts.is_empty(draft):
        drafts.discard(request.user, draft.pk)
    else:
        messages.success(request, _("Kept as a draft."))
    return redirect("connections")


def _back_to(draft: ConnectionDraft, name: str) -> HttpResponse:
    """Lead to a step that is not done; where something was sent, with what is wrong."""
    url = steps.address(draft, name)
    return HttpResponseRedirect(f"{url}?{CHECK}=1" if name in draft.values else url)


def _neighbour(name: str, distance: int) -> str:
    index = len(steps.before(name)) + distance
    return steps.STEPS[max(0, min(index, len(steps.STEPS) - 1))].name


def _page(
    request: HttpRequest,
    draft: ConnectionDraft,
    name: str,
    form: ConnectionForm,
    *,
    found: tools.Found | None = None,
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = {
        "draft": draft,
        "step": steps.BY_NAME[name],
        "marks": steps.marks(draft, name),
        "form": form,
        "found": found or tools.Found(),
        "number": len(steps.before(name)) + 1,
        "total": len(steps.STEPS),
    }
    if name == "keys" and not context["found"].certificates:
        _preview(context, draft)
    if name == "review":
        context |= _review(draft)
    return render(request, "console/connections/wizard.html", context, status=status)


def _preview(context: dict[str, Any], draft: ConnectionDraft) -> None:
    """Show the certificates that were pasted before as they were read."""
    text = draft.values.get("keys", {}).get("certificates") or ""
    context["found"].certificates = list(map(tools.preview, read(text).certificates))


def _review(draft: ConnectionDraft) -> dict[str, Any]:
    general, keys = draft.values["general"], draft.values["keys"]
    certificates = read(keys.get("certificates") or "").certificates
    return {
        "general": general,
        "keys": keys,
        "is_by_url": keys.get("key_source") == Connection.KeySource.JWKS,
        "previews": list(map(tools.preview, certificates)),
    }
