"""The authorization endpoint (RFC 6749 3.1): sign in, agree, and back to the application."""

from django.contrib.auth.views import redirect_to_login
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.models import User
from idp.authorization import authentication, codes, consent, prompt, response
from idp.authorization import scopes as words
from idp.authorization.request import (
    AuthorizationRequest,
    Refused,
    Unanswerable,
    find_client,
    parse,
    read,
)
from idp.errors import InvalidScope
from idp.tokens.scopes import narrow_scopes
from idp.writing import turn_to_write

NOT_AGREED = Refused("access_denied", "The person did not agree.")


@never_cache
@require_http_methods(["GET", "POST"])
def authorize(request: HttpRequest) -> HttpResponse:
    """Decide on a request; by POST, as the person did on the page before."""
    try:
        parameters = read(request.META.get("QUERY_STRING", ""))
        client = find_client(parameters)
    except Unanswerable as problem:
        context = {"problem": str(problem)}
        return render(request, "authorization/unanswerable.html", context, status=400)
    try:
        return _decide(request, parse(parameters, client))
    except Refused as refusal:
        return response.refuse(request, client, refusal)


def _decide(request: HttpRequest, asked: AuthorizationRequest) -> HttpResponse:
    is_quiet = "none" in asked.prompts
    if not request.user.is_authenticated or prompt.proof_is_wanted(request, asked):
        if is_quiet:
            raise Refused("login_required", "The person has to sign in first.")
        return _prove(request)
    _check_roles(request.user, asked)
    if request.method == "POST":
        return _carry_out(request, asked)
    if consent.is_needed(request.user, asked):
        if is_quiet:
            raise Refused("consent_required", "The person has to agree first.")
        return _ask(request, asked)
    return _grant(request, asked)


def _prove(request: HttpRequest) -> HttpResponse:
    """Let somebody sign in, or prove again who they are, and come back."""
    back = request.get_full_path()
    if not request.user.is_authenticated:
        return redirect_to_login(back)
    return HttpResponseRedirect(f"{reverse('confirm')}?{urlencode({'next': back})}")


def _check_roles(user: User, asked: AuthorizationRequest) -> None:
    """Refuse scopes that need a role which this person does not have."""
    try:
        narrow_scopes(asked.scopes - words.OIDC, asked.client.application, user)
    except InvalidScope as problem:
        raise Refused("invalid_scope", problem.description) from problem


def _ask(request: HttpRequest, asked: AuthorizationRequest) -> HttpResponse:
    application = asked.client.application
    context = {
        "application": application,
        "scopes": words.in_words(asked.scopes),
        "redirect_uri": asked.client.redirect_uri,
        "lifetime": application.access_token_lifetime,
        "refresh_lifetime": application.refresh_token_lifetime
        if words.OFFLINE in asked.scopes
        else None,
        "action": request.get_full_path(),
    }
    return render(request, "authorization/consent.html", context)


def _carry_out(request: HttpRequest, asked: AuthorizationRequest) -> HttpResponse:
    """Do as the person said. Whoever they are, they read the page: it names them."""
    if request.POST.get("decision") != "allow":
        raise NOT_AGREED
    if request.POST.get("account") != str(request.user.public_id):
        return _ask(request, asked)  # somebody else signed in, in another window
    return _grant(request, asked)


def _grant(request: HttpRequest, asked: AuthorizationRequest) -> HttpResponse:
    application = asked.client.application
    with turn_to_write(), transaction.atomic():
        given = consent.give(request.user, application, asked.scopes)
        code = codes.issue(asked, request.user, given, authentication.context(request))
    return response.succeed(request, asked.client, code)
