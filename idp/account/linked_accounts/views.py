"""Linked accounts: seen, paused, resumed, limited, removed, and allowed again, by their owner."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.models import FederatedLink, RemovedLink, User
from connections.excerpt import excerpt
from idp import audit, mail
from idp.account.access import signed_in_only
from idp.account.linked_accounts.forms import LimitForm
from idp.account.reauthentication import recently_authenticated, typed_before
from idp.links import owner
from idp.writing import turn_to_write

MANY = 100  # links that are shown, and links that were removed: the latest
INVALID = 422


@signed_in_only
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Show every link in words, and what was removed."""
    links = _links(request).prefetch_related("uses__application", "limits__application")
    removed = RemovedLink.objects.filter(user=request.user).select_related("connection")
    context = {
        "links": links.order_by("-created_at", "-pk")[:MANY],
        "removed": removed.order_by("-removed_at", "-pk")[:MANY],
        "mail_obstacle": mail.obstacle(),
    }
    return render(request, "account/linked_accounts.html", context)


@signed_in_only
@require_POST
def pause(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop a link for now; no password is asked for, since this only makes things safer."""
    link = _change(owner.pause, request, pk)
    messages.success(request, _("%s is paused: no application can use it.") % _name(link))
    return redirect("linked-accounts")


@recently_authenticated(back="linked-accounts")
@require_POST
def resume(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a paused link be used again."""
    link = _change(owner.resume, request, pk)
    messages.success(request, _("%s can be used again.") % _name(link))
    return redirect("linked-accounts")


@recently_authenticated()
def limit(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose the applications that may use a link, and until when."""
    link = get_object_or_404(_links(request), pk=pk)
    form = LimitForm(request.POST or typed_before(request), link=link)
    if request.method == "POST" and form.is_valid():
        _change(owner.limit, request, pk, **form.chosen())
        messages.success(request, _("The limits of %s were saved.") % _name(link))
        return redirect("linked-accounts")
    status = INVALID if request.method == "POST" else 200
    return render(request, "account/limit_link.html", {"link": link, "form": form}, status=status)


@recently_authenticated()
def unlink(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what would stop, and remove the link when that is confirmed."""
    link = get_object_or_404(_links(request).prefetch_related("uses__application"), pk=pk)
    if request.method != "POST":
        return render(request, "account/unlink.html", {"link": link})
    link = _change(owner.unlink, request, pk)
    messages.success(request, _("%s is not linked to your account any more.") % _name(link))
    return redirect("linked-accounts")


@recently_authenticated(back="linked-accounts")
@require_POST
def allow_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a link that was removed be made again."""
    try:
        removed = owner.allow_again(request.user, pk, audit.Actor.of(request))
    except RemovedLink.DoesNotExist as problem:
        raise Http404 from problem
    messages.success(request, _("%s may be linked to your account again.") % _name(removed))
    return redirect("linked-accounts")


@signed_in_only
@require_POST
def notices(request: HttpRequest) -> HttpResponse:
    """Switch the messages about links on or off."""
    wanted = request.POST.get("wanted") == "1"
    with turn_to_write():
        User.objects.filter(pk=request.user.pk).update(link_notices=wanted)
    sentence = _("You will get messages.") if wanted else _("You will get no more messages.")
    messages.success(request, sentence)
    return redirect("linked-accounts")


def _links(request: HttpRequest) -> Any:
    return FederatedLink.objects.filter(user=request.user).select_related("connection")


def _change(
    change: Callable[..., FederatedLink], request: HttpRequest, pk: int, **more: Any
) -> FederatedLink:
    """Carry out a change of one's own link; somebody else's is not there."""
    try:
        return change(request.user, pk, audit.Actor.of(request), **more)
    except FederatedLink.DoesNotExist as problem:
        raise Http404 from problem


def _name(link: FederatedLink | RemovedLink) -> str:
    return f"{excerpt(link.subject)[:60]} · {link.connection.name}"
