"""The pages: choose an organisation, prove who you are there, see both identities, confirm."""

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.models import FederatedLink
from connections.excerpt import excerpt
from idp import audit, throttle
from idp.account.access import signed_in_only
from idp.account.linking import (
    authorization,
    commit,
    fresh_token,
    id_token,
    session,
    token_request,
    ways,
)
from idp.account.linking.proof import Proof
from idp.account.linking.refusal import LinkingRefused
from idp.account.reauthentication import recently_authenticated
from idp.errors import TooManyRequests
from idp.remote import remote_address

type View = Callable[..., HttpResponse]

log = logging.getLogger(__name__)


def explained(view: View) -> View:
    """Show why an identity was not linked; slow down whoever is refused again and again."""

    @wraps(view)
    def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        who, address = f"linking {request.user.pk}", remote_address(request)
        try:
            throttle.check(who, address)
            return view(request, *args, **kwargs)
        except TooManyRequests as problem:
            why = _("That was too often. Wait a minute, then try again.")
            response = _refused(request, LinkingRefused(why, "", status=429))
            response["Retry-After"] = str(problem.retry_after)
            return response
        except LinkingRefused as refusal:
            throttle.note_failure(who, address)
            log.info("An identity was not linked: %s %s", refusal, refusal.detail)
            return _refused(request, refusal)

    return shown


@signed_in_only
@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    """Show the organisations whose accounts can be linked."""
    return render(request, "account/link_choose.html", {"connections": ways.offered()})


@signed_in_only
@explained
def prove(request: HttpRequest, connection_id: int) -> HttpResponse:
    """Show the ways of one organisation; take a token that is pasted."""
    if request.method != "POST":
        return _ways(request, ways.find(connection_id))
    connection = ways.find(connection_id, ways.TOKEN)
    proof = fresh_token.prove(connection, request.POST.get("token", "").strip())
    return _to_confirmation(request, proof)


@signed_in_only
@require_POST
@explained
def sign_in(request: HttpRequest, connection_id: int) -> HttpResponse:
    """
    Lead to the issuer by way of a page of ours.

    Chromium holds redirects of a form against form-action, and nobody knows where the issuer leads.
    """
    connection = ways.find(connection_id, ways.SIGN_IN)
    context = {"connection": connection, "there": authorization.begin(request, connection)}
    return render(request, "account/link_leave.html", context)


@signed_in_only
@require_safe
@explained
def callback(request: HttpRequest, connection_id: int) -> HttpResponse:
    """Take the issuer's answer, and prove from it who was signed in there."""
    connection = ways.find(connection_id, ways.SIGN_IN)
    code, begun = authorization.finish(request, connection)
    proof = id_token.prove(connection, token_request.redeem(connection, code, begun), begun)
    return _to_confirmation(request, proof)


@recently_authenticated()
@explained
def confirm(request: HttpRequest, name: str) -> HttpResponse:
    """Show both identities; link them when that is confirmed."""
    kept = session.see(request, session.PROOFS, name)
    if kept is None:
        why = _("There is nothing to confirm here: it was confirmed already, or took too long.")
        raise LinkingRefused(why, status=404)
    proof = Proof.read(kept)
    connection = ways.find(proof.connection_id, proof.way)
    if request.method != "POST":
        return _confirmation(request, proof, connection)
    session.take(request, session.PROOFS, name)
    link = commit.link(request.user, proof, audit.Actor.of(request))
    text = _("%(subject)s · %(name)s is linked to your account.")
    found = {"subject": excerpt(link.subject)[:60], "name": connection.name}
    messages.success(request, text % found)
    return redirect("linked-accounts")


def _confirmation(request: HttpRequest, proof: Proof, connection: Any) -> HttpResponse:
    others = FederatedLink.objects.filter(user=request.user, connection=connection)
    context = {"proof": proof, "connection": connection, "others": others.order_by("pk")[:10]}
    return render(request, "account/link_confirm.html", context)


def _to_confirmation(request: HttpRequest, proof: Proof) -> HttpResponse:
    """Lead to the page that shows both, unless there is nothing to link."""
    found = commit.find_link(proof)
    if found and found.user_id == request.user.pk:
        messages.info(request, _("This identity is linked to your account already."))
        return redirect("linked-accounts")
    if found:
        raise commit.refuse_claim(found, audit.Actor.of(request))
    return redirect("link-confirm", session.put(request, session.PROOFS, proof.kept()))


def _ways(request: HttpRequest, connection: Any) -> HttpResponse:
    return render(request, "account/link_prove.html", {"connection": connection})


def _refused(request: HttpRequest, refusal: LinkingRefused) -> HttpResponse:
    context = {"refusal": refusal}
    return render(request, "account/link_refused.html", context, status=refusal.status)
