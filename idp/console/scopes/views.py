"""The registry of scopes as a list, a new entry, and what is said about one."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Role
from applications.models import Application, Scope
from applications.scope_serializer import ScopeSerializer
from idp.console.access import administrators_only
from idp.console.adding import Adding, add
from idp.console.editing import Editing, edit
from idp.console.forms import MONO, EntryForm
from idp.console.paging import page

NEEDS = {"yes": True, "no": False}
MANY = 50  # roles or applications that are named


class ScopeForm(EntryForm):
    """What a scope means, and its mark. Its name stays: tokens and applications go by it."""

    serializer_class = ScopeSerializer

    description = forms.CharField(
        label=_("Description"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("What it allows, in words for people who are asked to consent."),
    )
    needs_role = forms.BooleanField(
        label=_("Needs a role"),
        required=False,
        help_text=_(
            "Only local accounts that have a role with this scope get it, in every application. "
            "Outside identities, and applications by themselves, never do."
        ),
    )


class NewScopeForm(ScopeForm):
    """And the scope itself."""

    name = forms.CharField(
        label=_("Scope"),
        max_length=200,
        error_messages={"required": _("Enter the scope.")},
        help_text=_("As applications ask for it, for example orders.write."),
        widget=forms.TextInput(attrs=MONO),
    )
    field_order = ("name", "description", "needs_role")


@administrators_only
def index(request: HttpRequest) -> HttpResponse:
    """List the scopes that are registered."""
    words = request.GET.get("q", "")[:100].replace("\0", "").strip()
    needs = request.GET.get("role", "")
    shown = page(request, _selected(words, needs), "name")
    granting = _granting([scope.name for scope in shown.rows])
    for scope in shown.rows:
        scope.granting = granting[scope.name]
    context = {"page": shown, "words": words, "needs": needs if needs in NEEDS else ""}
    template = "console/scopes/list.html#rows" if request.htmx else "console/scopes/list.html"
    return render(request, template, context)


def _selected(words: str, needs: str) -> QuerySet[Scope]:
    rows = Scope.objects.filter(Q(name__icontains=words) | Q(description__icontains=words))
    return rows.filter(needs_role=NEEDS[needs]) if needs in NEEDS else rows


def _granting(names: Iterable[str]) -> dict[str, list[Role]]:
    """Return the roles that have each of the scopes."""
    roles = list(Role.objects.only("name", "scopes"))
    return {name: [role for role in roles if name in role.scopes] for name in names}


@administrators_only
def new(request: HttpRequest) -> HttpResponse:
    """Register a scope."""
    return add(
        request,
        Adding(
            form_class=NewScopeForm,
            template="console/scopes/new.html",
            done=_("The scope was registered."),
            leads_to=lambda scope: reverse("scope", args=[scope.pk]),
        ),
    )


@administrators_only
def general(request: HttpRequest, pk: int) -> HttpResponse:
    """Change description and mark; show who may have the scope."""

    def find(*, lock: bool = False) -> Scope:
        rows = Scope.objects.select_for_update() if lock else Scope.objects.all()
        return get_object_or_404(rows, pk=pk)

    return edit(request, Editing(ScopeForm, find, "console/scopes/general.html", _context))


def _context(scope: Scope, form: EntryForm) -> dict[str, Any]:
    # The column is text: what only contains the name is sorted out here.
    containing = Application.objects.filter(scopes__contains=scope.name).only("name", "scopes")
    applications = [each for each in containing if scope.name in each.scopes]
    roles = _granting([scope.name])[scope.name]
    return {"roles": roles[:MANY], "applications": applications[:MANY]}
