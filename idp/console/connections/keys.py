"""The tab Signing keys: where keys come from, which there are, and how the last fetch went."""

from typing import Any

from django.contrib import messages
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from connections import jwks
from connections.models import CachedKeys, Connection
from connections.refusal import KeysUnavailable
from connections.trusted_keys import LastCertificate, remove_certificate
from idp import audit, limits
from idp.console.access import administrators_only
from idp.console.changing import changing
from idp.console.connections import tools
from idp.console.connections.forms import ConnectionForm, KeysForm
from idp.console.connections.general import find_connection
from idp.console.connections.typed import typed
from idp.console.editing import Editing, edit

TEMPLATE = "console/connections/keys.html"


@administrators_only
def keys(request: HttpRequest, connection_id: int) -> HttpResponse:
    """Show the keys, and change what step 2 of the wizard asked."""

    def find(*, lock: bool = False) -> Connection:
        return find_connection(connection_id, lock=lock)

    if request.method != "POST":
        return edit(request, Editing(KeysForm, find, TEMPLATE, context))
    sent = typed(request)
    if tool := tools.asked(sent, request):
        found = tools.use(tool, sent, request)
        row = find()
        form = KeysForm(sent.fields, instance=row, problems=sent.problems).unjudged()
        shown = {"object": row, "form": form, **context(row, form), "found": found}
        return render(request, TEMPLATE, shown)
    request.POST = sent.fields  # without what must not be shown again, on any page
    arguments = {"problems": sent.problems}
    return edit(request, Editing(KeysForm, find, TEMPLATE, context, arguments))


@administrators_only
@require_POST
def refresh(request: HttpRequest, connection_id: int) -> HttpResponse:
    """Fetch the keys now."""
    connection = find_connection(connection_id)
    if connection.key_source != Connection.KeySource.JWKS:
        messages.warning(request, _("This connection has certificates: there is nothing to fetch."))
        return redirect("connection-keys", connection.pk)
    try:
        limits.spend(request.user)
        key_set = jwks.refresh_now(connection)
    except (limits.TooOften, KeysUnavailable) as problem:
        messages.warning(request, str(problem))
        return redirect("connection-keys", connection.pk)
    _tell(request, key_set)
    with changing(request):
        audit.record(
            "connection.keys-refreshed",
            connection,
            before={},
            after=_fetched(key_set),
            actor=audit.Actor.of(request),
        )
    return redirect("connection-keys", connection.pk)


@administrators_only
@require_POST
def remove(request: HttpRequest, connection_id: int, certificate_id: int) -> HttpResponse:
    """Take a certificate from the connection."""
    with changing(request):
        connection = find_connection(connection_id, lock=True)
        certificate = get_object_or_404(connection.certificates, pk=certificate_id)
        before = audit.describe(connection)
        try:
            remove_certificate(certificate)
        except LastCertificate as problem:
            messages.warning(request, str(problem))
            return redirect("connection-keys", connection.pk)
        connection = find_connection(connection_id)
        after = audit.describe(connection)
        actor = audit.Actor.of(request)
        audit.record_changes(connection, before=before, after=after, actor=actor)
    messages.success(request, _("Certificate removed."))
    return redirect("connection-keys", connection.pk)


def context(row: models.Model, form: ConnectionForm) -> dict[str, Any]:
    """Return what the tab shows beside the form."""
    key_set = getattr(row, "key_set", None)
    is_by_url = row.key_source == Connection.KeySource.JWKS
    return {
        "is_by_url": is_by_url,
        "key_set": key_set if key_set and key_set.jwks_uri == row.jwks_uri else None,
        "previews": list(map(tools.preview, row.certificates.all())),
        "found": tools.Found(),
    }


def _fetched(key_set: CachedKeys) -> dict[str, Any]:
    """Return what the audit log keeps of a fetch: from where, and which keys, or why none."""
    if key_set.failure:
        return {"jwks_uri": key_set.jwks_uri, "failure": key_set.failure}
    kids = [str(jwk.get("kid", "")) for jwk in key_set.keys]
    return {"jwks_uri": key_set.jwks_uri, "key_ids": kids}


def _tell(request: HttpRequest, key_set: CachedKeys) -> None:
    """Say that there are keys. What went wrong stands on the page, where it stays."""
    if not key_set.failure:
        messages.success(request, _("The keys were read again."))
