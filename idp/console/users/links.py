"""A person's linked accounts: to be read. Only the owner of an account removes a link."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.models import FederatedLink, RemovedLink
from idp.console.access import administrators_only
from idp.console.paging import page
from idp.console.users.finding import find_user

MANY = 50  # removed links that are shown: the latest


@administrators_only
@require_safe
def links(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Show which outside identities may become this account, and which no more."""
    user = find_user(public_id)
    linked = FederatedLink.objects.filter(user=user).select_related("connection")
    removed = RemovedLink.objects.filter(user=user).select_related("connection")
    context = {
        "object": user,
        "page": page(request, linked, "-created_at"),
        "removed": removed.order_by("-removed_at")[:MANY],
    }
    return render(request, "console/users/links.html", context)
