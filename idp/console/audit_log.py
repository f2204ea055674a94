"""The audit log: who changed what, from what to what. It is only read here, and nowhere changed."""

import uuid
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from idp.audit import export
from idp.console.access import administrators_only
from idp.console.editing import shown
from idp.console.paging import Page, page
from idp.console.periods import PERIODS
from idp.models import AuditEvent

INVALID = 422
KINDS = {
    "connection": _("Connection"),
    "application": _("Application"),
    "user": _("User"),
    "role": _("Role"),
    "scope": _("Scope"),
    "signing-key": _("Signing key"),
}


class AuditFilter(django_filters.FilterSet):
    """Who, what kind of thing, which one, what was done, and when."""

    actor = django_filters.CharFilter(field_name="actor_name", label=_("Who"))
    kind = django_filters.ChoiceFilter(
        field_name="target_kind", choices=[*KINDS.items()], empty_label=_("Any kind")
    )
    target = django_filters.CharFilter(field_name="target_id", label=_("ID of the thing"))
    action = django_filters.CharFilter(method="by_action", label=_("Action"))
    period = django_filters.ChoiceFilter(
        choices=[(name, label) for name, (label, _span) in PERIODS.items()],
        method="by_period",
        empty_label=_("Any time"),
    )

    class Meta:
        """Only what is named above."""

        model = AuditEvent
        fields: list[str] = []

    def by_action(self, events: QuerySet[Any], _name: str, action: str) -> QuerySet[Any]:
        """Keep what was done to anything, such as `deleted`, or to one kind of thing."""
        # Spelled out, so that an index serves it: none serves the end of a word.
        wanted = [action] if "." in action else [f"{kind}.{action}" for kind in KINDS]
        return events.filter(action__in=wanted)

    def by_period(self, events: QuerySet[Any], _name: str, period: str) -> QuerySet[Any]:
        """Keep what was done lately."""
        return events.filter(at__gte=timezone.now() - PERIODS[period][1])


@administrators_only
@require_safe
def audit(request: HttpRequest) -> HttpResponse:
    """Show the entries that the address asks for, newest first."""
    chosen = AuditFilter(request.GET, AuditEvent.objects.all())
    is_valid = chosen.form.is_valid()
    labels = {"older_label": _("Older"), "newer_label": _("Newer")}
    found = page(request, chosen.qs, "-at", **labels) if is_valid else Page([])
    active = sum(bool(request.GET.get(name)) for name in chosen.filters)
    context = {"page": found, "form": chosen.form, "active": active, "is_filtered": active > 0}
    return render(request, "console/audit.html", context, status=200 if is_valid else INVALID)


@administrators_only
@require_safe
def entry(request: HttpRequest, event_id: uuid.UUID) -> HttpResponse:
    """Show one entry, with each value before and after."""
    event = get_object_or_404(AuditEvent, pk=event_id)
    paths = sorted({*event.before, *event.after})
    changes = [
        (path, shown(event.before.get(path)), shown(event.after.get(path))) for path in paths
    ]
    return render(request, "console/audit_event.html", {"event": event, "changes": changes})


@administrators_only
@require_safe
def as_csv(request: HttpRequest) -> HttpResponseBase:
    """Send the entries that the address asks for as CSV, while they are read."""
    chosen = AuditFilter(request.GET, AuditEvent.objects.all())
    if not chosen.form.is_valid():
        return audit(request)
    response = StreamingHttpResponse(export.rows(chosen.qs), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="audit-log.csv"'
    return response
