"""All roles as a list, a new one, and what is general about one."""

from typing import Any

from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Role
from applications.models import Scope
from idp.console.access import administrators_only
from idp.console.adding import Adding, add
from idp.console.editing import Editing, edit
from idp.console.forms import EntryForm
from idp.console.paging import page
from idp.console.roles.find import finder
from idp.console.roles.forms import RoleForm


@administrators_only
def index(request: HttpRequest) -> HttpResponse:
    """List the roles."""
    words = request.GET.get("q", "")[:100].replace("\0", "").strip()
    shown = page(request, _named(words), "name")
    counts = dict(
        Role.objects.filter(pk__in=[role.pk for role in shown.rows])
        .annotate(count=Count("members"))
        .order_by()
        .values_list("pk", "count")
    )
    for role in shown.rows:
        role.member_count = counts[role.pk]
    template = "console/roles/list.html#rows" if request.htmx else "console/roles/list.html"
    return render(request, template, {"page": shown, "words": words})


def _named(words: str) -> QuerySet[Role]:
    return Role.objects.filter(Q(name__icontains=words) | Q(scopes__icontains=words))


@administrators_only
def new(request: HttpRequest) -> HttpResponse:
    """Enter a new role; its members come next."""
    return add(
        request,
        Adding(
            form_class=RoleForm,
            template="console/roles/new.html",
            done=_("The role was created. Now give it members."),
            leads_to=lambda role: reverse("role-members", args=[role.pk]),
        ),
    )


@administrators_only
def general(request: HttpRequest, pk: int) -> HttpResponse:
    """Change name, description and scopes; show which of the scopes need a role at all."""
    return edit(request, Editing(RoleForm, finder(pk), "console/roles/general.html", _context))


def _context(role: Role, form: EntryForm) -> dict[str, Any]:
    known = {scope.name: scope for scope in Scope.objects.filter(name__in=role.scopes)}
    return {"scopes": [(name, known.get(name)) for name in sorted(role.scopes)]}
