"""
A client secret is shown once.

It is made by a POST and shown by the page that the browser is led to: a page that answered the
POST itself would make another secret when it is reloaded. In between it waits in the session,
sealed under the server's secret key, so that a stolen database is as useless as decision 5 of the
README says; it leaves the session with the page that shows it, and is good for ten minutes.
"""

import time
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from applications import secrets
from applications.models import Application
from idp import audit
from idp.console.access import administrators_only
from idp.console.applications.find import finder
from idp.console.changing import changing
from idp.tokens.vault import WrongSecretKey, seal, unseal

SESSION_KEY = "client_secrets"
WAITS_FOR = 600  # seconds


def keep(request: HttpRequest, application: Application, secret: str) -> None:
    """Let a new secret wait for the page that shows it."""
    sealed = seal(secret.encode()).decode()
    waiting = request.session.get(SESSION_KEY, {})
    entry = {"sealed": sealed, "until": time.time() + WAITS_FOR}
    request.session[SESSION_KEY] = waiting | {str(application.pk): entry}


def take(request: HttpRequest, application: Application) -> str:
    """Return the secret that waits, which then waits no longer; empty where there is none."""
    waiting = dict(request.session.get(SESSION_KEY, {}))
    entry = waiting.pop(str(application.pk), None)
    if entry is None:
        return ""
    request.session[SESSION_KEY] = waiting
    try:
        return unseal(entry["sealed"].encode()).decode() if entry["until"] > time.time() else ""
    except WrongSecretKey:
        return ""


def fingerprint(application: Application) -> str:
    """Return what tells the present secret from the next one, and nothing about it."""
    stored = application.secret_digest
    return salted_hmac("idp.console.secret", stored, algorithm="sha256").hexdigest()[:16]


def has_former(application: Application) -> bool:
    """Say whether the former secret is still good."""
    ends = application.former_secret_expires_at
    return bool(application.former_secret_digest and ends and ends > timezone.now())


@administrators_only
def shown(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the secret that waits, once."""
    application = finder(pk)()
    secret = take(request, application) if request.method == "GET" else ""
    context = {
        "object": application,
        "secret": secret,
        "has_former": has_former(application),
        "is_new": "new" in request.GET,
    }
    return render(request, "console/applications/secret.html", context)


@administrators_only
@require_POST
def add(request: HttpRequest, pk: int) -> HttpResponse:
    """
    Give the application a new secret; its present one stays good for a day.

    The form says which secret it saw as the present one. Sent twice, the second one would end the
    secret that is in use: it makes nothing, and leads to the secret that the first one made.
    """
    with changing(request):
        application = finder(pk)(lock=True)
        if not application.has_secret_method:
            messages.warning(request, _("Its client authentication needs no secret."))
            return redirect("application", pk)
        if constant_time_compare(request.POST.get("present", ""), fingerprint(application)):
            before = audit.describe(application)
            secret = secrets.rotate_secret(application)
            _record(request, application, before)
            keep(request, application, secret)
    return redirect("application-secret", pk)


@administrators_only
@require_POST
def revoke_former(request: HttpRequest, pk: int) -> HttpResponse:
    """End the former secret now."""
    with changing(request):
        application = finder(pk)(lock=True)
        before = audit.describe(application)
        secrets.revoke_former_secret(application)
        _record(request, application, before)
    messages.success(request, _("The former secret is no longer good."))
    return redirect("application", pk)


def _record(request: HttpRequest, application: Application, before: dict[str, Any]) -> None:
    after = audit.describe(application)
    actor = audit.Actor.of(request)
    audit.record_changes(application, before=before, after=after, actor=actor)
