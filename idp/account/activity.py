"""What happened to my account: what it was used for, and what was changed about it."""

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from idp.account.access import signed_in_only
from idp.console.paging import page
from idp.models import AuditEvent, ExchangeRecord

CHANGES = 30  # the latest, above the list of uses

# What an entry of the audit log is called here; others are a change of the profile.
IN_WORDS: dict[str, str | Promise] = {
    "user.created": _("The account was made"),
    "user.enabled": _("The account was enabled"),
    "user.disabled": _("The account was disabled"),
    "user.password-added": _("A password was set"),
    "user.password-replaced": _("The password was changed"),
    "user.password-reset-requested": _("A link to set a new password was sent"),
    "user.invitation-requested": _("An invitation was sent"),
    "user.factor-added": _("A way to sign in was added"),
    "user.factor-removed": _("A way to sign in was removed"),
    "user.factor-renewed": _("New recovery codes were made"),
    "user.link-made": _("An outside identity was linked"),
    "user.linked": _("An outside identity was linked"),
    "user.link-paused": _("A link was paused"),
    "user.link-resumed": _("A link was resumed"),
    "user.link-limited": _("The limits of a link were changed"),
    "user.unlinked": _("An outside identity was unlinked"),
    "user.link-allowed-again": _("An identity may be linked again"),
    "user.consent-withdrawn": _("An application may sign you in no longer"),
}


@signed_in_only
@require_safe
def activity(request: HttpRequest) -> HttpResponse:
    """Show both, the newest first. Who an administrator is, and why, is their side of the log."""
    me = str(request.user.public_id)
    uses = ExchangeRecord.objects.filter(
        user=request.user, outcome=ExchangeRecord.Outcome.GRANTED
    ).select_related("application", "connection")
    events = AuditEvent.objects.filter(target_kind="user", target_id=me).order_by("-at", "-id")
    context = {"page": page(request, uses, "-at"), "changes": _changes(events[:CHANGES], me)}
    return render(request, "account/activity.html", context)


def _changes(events: Sequence[AuditEvent], me: str) -> list[tuple[AuditEvent, str | Promise, bool]]:
    changed = _("The profile was changed")
    return [(event, IN_WORDS.get(event.action, changed), event.actor_id == me) for event in events]
