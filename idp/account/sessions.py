"""Where somebody is signed in, and signing out there."""

from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from idp.account.access import signed_in_only

MANY = 100


@signed_in_only
@require_safe
def sessions(request: HttpRequest) -> HttpResponse:
    """Show every session that still is one, the present one first."""
    alive = UserSession.objects.purge_and_list(request.user)[:MANY]
    alive.sort(key=lambda session: (not session.is_current(), -session.created_at.timestamp()))
    return render(request, "account/sessions.html", {"sessions": alive})


@signed_in_only
@require_POST
def end_session(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign out elsewhere; somebody else's session is not there."""
    get_object_or_404(UserSession, pk=pk, user=request.user).end()
    messages.success(request, _("That session was signed out."))
    return redirect("sessions")


@signed_in_only
@require_POST
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    """Sign out everywhere but here."""
    for session in UserSession.objects.filter(user=request.user):
        if not session.is_current():
            session.end()
    messages.success(request, _("You are signed in nowhere but here."))
    return redirect("sessions")
