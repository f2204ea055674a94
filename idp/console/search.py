"""The palette: places, connections, applications, people and so on by a piece of their name."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.finding import described_by
from accounts.models import Role, User
from applications.models import Application, Scope
from connections.models import Connection
from idp.console.access import administrators_only
from idp.console.navigation import PLACES

HITS_PER_KIND = 5
MAXIMUM_LENGTH = 100


@dataclass(frozen=True, slots=True)
class Hit:
    """Something the palette leads to."""

    label: str | Promise
    kind: str | Promise
    icon: str
    url: str


@administrators_only
def search(request: HttpRequest) -> HttpResponse:
    """Show what fits; without words, the places."""
    words = request.GET.get("q", "")[:MAXIMUM_LENGTH].replace("\0", "").strip()
    hits = [*_places(words), *(_things(words) if words else ())]
    template = "console/search.html#hits" if request.htmx else "console/search.html"
    return render(request, template, {"hits": hits, "words": words})


def _places(words: str) -> Iterator[Hit]:
    for place in PLACES:
        if words.casefold() in str(place.label).casefold():
            yield Hit(place.label, _("Page"), place.icon, place.url)
    for label, icon, name in (
        (_("New connection"), "plus", "connection-setup"),
        (_("New application"), "plus", "application-new"),
        (_("New user"), "plus", "user-new"),
        (_("New role"), "plus", "role-new"),
        (_("New scope"), "plus", "scope-new"),
        (_("Rotate or withdraw signing keys"), "key-round", "signing-keys"),
    ):
        if words.casefold() in str(label).casefold():
            yield Hit(label, _("Action"), icon, reverse(name))


def _things(words: str) -> Iterator[Hit]:
    named = Q(name__icontains=words)
    for connection in Connection.objects.filter(named | Q(issuer__icontains=words))[:HITS_PER_KIND]:
        yield Hit(
            connection.name, _("Connection"), "cable", reverse("connection", args=[connection.pk])
        )
    for found in Application.objects.filter(named | Q(client_id__icontains=words))[:HITS_PER_KIND]:
        yield Hit(
            found.name, _("Application"), "app-window", reverse("application", args=[found.pk])
        )
    for role in Role.objects.filter(named)[:HITS_PER_KIND]:
        yield Hit(role.name, _("Role"), "id-card", reverse("role", args=[role.pk]))
    for scope in Scope.objects.filter(named)[:HITS_PER_KIND]:
        yield Hit(scope.name, _("Scope"), "tags", reverse("scope", args=[scope.pk]))
    for user in User.objects.filter(described_by(words))[:HITS_PER_KIND]:
        yield Hit(user.username, _("User"), "user", reverse("user", args=[user.public_id]))
