"""
Signing out, asked for by an application (OpenID Connect RP-Initiated Logout 1.0).

A GET with an ID token of ours for whoever is signed in here is carried out at once; anything else
asks the person first: a stranger's link must sign nobody out. The way back is an address that the
application registered, to the last character, and never goes anywhere without that token.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib.auth import logout as sign_out
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from applications.models import Application
from connections import jws
from connections.keys import UnusableKey, from_jwk
from connections.refusal import TokenRefused
from connections.signature import verify_signature
from idp.authorization import id_token
from idp.authorization.request import Unanswerable, read
from idp.authorization.response import go_on
from idp.models import SigningKey
from idp.tokens.signing import GENERATORS


@dataclass(frozen=True, slots=True)
class Hint:
    """What an ID token of ours says: who signed in, and for which application."""

    subject: str
    application: Application | None


@never_cache
@csrf_exempt  # an application may POST here; what the person is asked is protected below
@require_http_methods(["GET", "POST"])
def logout(request: HttpRequest) -> HttpResponse:
    """Sign out, or ask first."""
    if request.POST.get("decision") == "sign-out":
        return _asked(request)
    try:
        parameters = _parameters(request)
    except Unanswerable as problem:
        context = {"problem": str(problem)}
        return render(request, "authorization/unanswerable.html", context, status=400)
    hint = read_hint(parameters.get("id_token_hint", ""))
    target = way_back(parameters, hint)
    user = request.user
    if user.is_authenticated and not (hint and hint.subject == str(user.public_id)):
        return render(request, "authorization/logout.html", {"target": target})
    return _leave(request, target)


@csrf_protect
def _asked(request: HttpRequest) -> HttpResponse:
    """Do as the person said. The way back is read again from the address, never from the form."""
    try:
        parameters = _parameters(request)
    except Unanswerable:
        parameters = {}
    return _leave(request, way_back(parameters, read_hint(parameters.get("id_token_hint", ""))))


def _leave(request: HttpRequest, target: str) -> HttpResponse:
    sign_out(request)
    return go_on(request, target) if target else redirect("home")


def _parameters(request: HttpRequest) -> Mapping[str, str]:
    if request.method == "POST" and "decision" not in request.POST:
        return read(request.POST.urlencode())
    return read(request.META.get("QUERY_STRING", ""))


def read_hint(text: str) -> Hint | None:
    """Return what an ID token of ours says, also one that has expired; None for anything else."""
    if not text:
        return None
    try:
        token = jws.parse(text, parameter="id_token_hint")
        row = SigningKey.objects.exclude(state=SigningKey.State.WITHDRAWN).filter(
            kid=str(token.header.get("kid", ""))
        )
        key = from_jwk(row.get().public_jwk)
        verify_signature(token, [key], list(GENERATORS))
    except (TokenRefused, UnusableKey, SigningKey.DoesNotExist):
        return None
    claims = token.claims
    # An access token is signed by the same keys, and no hint (RFC 9068 5).
    if token.header.get("typ") != id_token.TYP or claims.get("iss") != settings.ISSUER:
        return None
    application = Application.objects.filter(client_id=str(claims.get("aud")), enabled=True).first()
    return Hint(str(claims.get("sub")), application)


def way_back(parameters: Mapping[str, str], hint: Hint | None) -> str:
    """Return where to go afterwards: an address the hint's application registered, or nowhere."""
    wanted = parameters.get("post_logout_redirect_uri", "")
    if not wanted or hint is None or hint.application is None:
        return ""
    is_somebody_elses = parameters.get("client_id", hint.application.client_id)
    if is_somebody_elses != hint.application.client_id:
        return ""
    if wanted not in hint.application.post_logout_redirect_uris:
        return ""
    state = parameters.get("state", "")
    glue = "&" if urlsplit(wanted).query else "?"
    return f"{wanted}{glue}{urlencode({'state': state})}" if state else wanted
