"""Which applications may sign me in, and taking that back."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from idp import audit
from idp.account.access import signed_in_only
from idp.authorization.scopes import in_words
from idp.models import Consent
from idp.writing import turn_to_write

MANY = 100


@signed_in_only
@require_safe
def applications(request: HttpRequest) -> HttpResponse:
    """Show what I agreed to."""
    given = Consent.objects.filter(user=request.user).select_related("application")
    rows = [(consent, in_words(consent.scope.split())) for consent in given.order_by("-given_at")]
    return render(request, "account/applications.html", {"rows": rows[:MANY]})


@signed_in_only
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take it back: its tokens end with it, by the database's cascade."""
    with turn_to_write(), transaction.atomic():
        mine = Consent.objects.select_for_update(of=("self",)).filter(user=request.user)
        consent = get_object_or_404(mine.select_related("application"), pk=pk)
        name = consent.application.name
        before, after = {"consent": f"{name}: {consent.scope}"}, {"consent": f"{name}: withdrawn"}
        actor = audit.Actor.of(request)
        audit.record(
            "user.consent-withdrawn", request.user, before=before, after=after, actor=actor
        )
        consent.delete()
    messages.success(request, _("%s can no longer sign you in.") % name)
    return redirect("my-applications")
