"""The list of connections, and where a new one begins."""

from uuid import UUID

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from connections.health import Health, with_health
from connections.models import Connection
from idp.console.access import administrators_only
from idp.console.connections import drafts, figures
from idp.console.paging import page

MAXIMUM_WORDS = 255


@administrators_only
def connections(request: HttpRequest) -> HttpResponse:
    """List connections by name, with how they are; the administrator's own drafts come first."""
    words = request.GET.get("q", "")[:MAXIMUM_WORDS].replace("\0", "").strip()
    status = request.GET.get("status", "")
    status = status if status in Health.values else ""
    shown = page(request, _found(words, status), "name")
    is_filtered = bool(words or status)
    context = {
        "page": shown,
        "rows": figures.rows(shown.rows),
        "drafts": [] if is_filtered or shown.newer else drafts.open_drafts(request.user),
        "words": words,
        "status": status,
        "choices": Health.choices,
        "is_filtered": is_filtered,
    }
    part = "#rows" if request.htmx and not request.htmx.boosted else ""
    return render(request, f"console/connections/list.html{part}", context)


@administrators_only
def setup(request: HttpRequest) -> HttpResponse:
    """Offer the kinds of connection there are; begin a draft of the one that is chosen."""
    if request.method != "POST":
        return render(request, "console/connections/setup.html")
    try:
        draft = drafts.start(request.user)
    except drafts.TooManyDrafts:
        text = _("You have %(number)d drafts. Finish or delete one of them first.")
        messages.warning(request, text % {"number": drafts.MAXIMUM_DRAFTS})
        return redirect("connections")
    return redirect("connection-setup-step", draft.pk, "general")


@administrators_only
def delete_draft(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Ask whether to delete a draft, and delete it."""
    draft = drafts.find(request.user, draft_id)
    if draft.connection_id:
        return redirect("connection", draft.connection_id)
    if request.method != "POST":
        return render(request, "console/connections/draft_delete.html", {"draft": draft})
    drafts.discard(request.user, draft_id)
    messages.success(request, _("Draft deleted."))
    return redirect("connections")


def _found(words: str, status: str) -> QuerySet[Connection]:
    found = with_health(Connection.objects.select_related("key_set"), timezone.now())
    if words:
        found = found.filter(Q(name__icontains=words) | Q(issuer__icontains=words))
    return found.filter(health=status) if status else found
