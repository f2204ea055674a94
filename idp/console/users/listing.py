"""The list of people."""

from collections.abc import Sequence

from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from accounts.finding import described_by
from accounts.models import FederatedLink, User
from idp.console.access import administrators_only
from idp.console.paging import page

LONGEST_SEARCH = 254
STATES = {
    "": (_("All"), Q()),
    "active": (_("Active"), Q(is_active=True, locked_at=None)),
    "disabled": (_("Disabled"), Q(is_active=False)),
    "locked": (_("Locked"), Q(locked_at__isnull=False)),
    "administrators": (_("Administrators"), Q(is_administrator=True)),
}


@administrators_only
def users(request: HttpRequest) -> HttpResponse:
    """Show who has an account; without a page's frame where only the rows are asked for."""
    words = request.GET.get("q", "")[:LONGEST_SEARCH].replace("\0", "").strip()
    state = request.GET.get("status", "")
    state = state if state in STATES else ""
    shown = page(request, _selected(words, state), "username_key")
    _count_links(shown.rows)
    context = {
        "page": shown,
        "words": words,
        "state": state,
        "states": [(value, label) for value, (label, _condition) in STATES.items()],
    }
    only_rows = request.htmx and not request.htmx.history_restore_request
    template = "console/users/list.html#rows" if only_rows else "console/users/list.html"
    return render(request, template, context)


def _selected(words: str, state: str) -> QuerySet[User]:
    found = User.objects.filter(STATES[state][1])
    return found.filter(described_by(words)) if words else found


def _count_links(people: Sequence[User]) -> None:
    """Tell each person's number of links: one query for the page, and none for who is not on it."""
    links = FederatedLink.objects.filter(user__in=people).values_list("user")
    counts = dict(links.annotate(Count("pk")).order_by())
    for person in people:
        person.link_count = counts.get(person.pk, 0)
