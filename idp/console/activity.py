"""What happened lately around one connection, application, user, role or scope."""

import uuid
from typing import Any

from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import urlencode

from accounts.models import Role, User
from applications.models import Application, Scope
from connections.models import Connection
from idp.console.access import administrators_only
from idp.console.exchanges.views import rows
from idp.models import AuditEvent

SHOWN = 10


@administrators_only
def of_connection(request: HttpRequest, connection_id: int) -> HttpResponse:
    """Show what happened around a connection."""
    return _page(request, "connection", get_object_or_404(Connection, pk=connection_id))


@administrators_only
def of_application(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what happened around an application."""
    return _page(request, "application", get_object_or_404(Application, pk=pk))


@administrators_only
def of_user(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Show what happened around a person’s account."""
    user = get_object_or_404(User, public_id=public_id)
    return _page(request, "user", user, key=str(public_id), filtered=user.username)


@administrators_only
def of_role(request: HttpRequest, pk: int) -> HttpResponse:
    """Show how a role was changed; who got it is told of each person."""
    return _changes_page(request, "role", get_object_or_404(Role, pk=pk))


@administrators_only
def of_scope(request: HttpRequest, pk: int) -> HttpResponse:
    """Show how a scope was changed."""
    return _changes_page(request, "scope", get_object_or_404(Scope, pk=pk))


def _page(
    request: HttpRequest, kind: str, thing: Model, *, key: str = "", filtered: str = ""
) -> HttpResponse:
    """Show the newest exchanges and changes; `key` is the thing's in the audit log."""
    key = key or str(thing.pk)
    exchanges_query = urlencode({kind: filtered or thing.pk})
    context: dict[str, Any] = {
        "object": thing,
        "kind": kind,
        "records": rows().filter(**{kind: thing}).order_by("-at")[:SHOWN],
        "all_exchanges": f"{reverse('exchanges')}?{exchanges_query}",
    }
    return render(request, f"console/{kind}s/activity.html", context | _changes(kind, key))


def _changes_page(request: HttpRequest, kind: str, thing: Model) -> HttpResponse:
    """Show the newest changes of what no exchange is filtered by."""
    context = {"object": thing, **_changes(kind, str(thing.pk))}
    return render(request, f"console/{kind}s/activity.html", context)


def _changes(kind: str, key: str) -> dict[str, Any]:
    events = AuditEvent.objects.filter(target_kind=kind, target_id=key)
    return {
        "events": events.order_by("-at")[:SHOWN],
        "all_events": f"{reverse('audit')}?{urlencode({'kind': kind, 'target': key})}",
    }
