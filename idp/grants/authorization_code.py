"""The authorization code grant (RFC 6749 4.1.3): a code for tokens, once."""

import time
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from applications import grant_types
from applications.models import Application
from idp.authorization import id_token, pkce
from idp.authorization.scopes import OFFLINE, OIDC, OPENID
from idp.call import Call
from idp.client import authenticate_client, check_grant_type
from idp.errors import InvalidGrant, InvalidRequest
from idp.exchange.targets import audience_of
from idp.form import Form
from idp.models import AuthorizationCode, TokenFamily
from idp.tokens import claims as token_claims
from idp.tokens import refresh
from idp.tokens.issue import Grounds, NewToken, digest, keep, make_access_token
from idp.tokens.scopes import allowed_scopes
from idp.unsupported import refuse_unsupported
from idp.writing import turn_to_write

# One sentence for every cause: whoever holds a code learns nothing of whom it was for.
NOT_GOOD = "The code is unknown, used, expired, or was asked for by somebody else."


def authorization_code(call: Call) -> dict[str, Any]:
    """
    Answer a request to redeem a code.

    :raises OAuthError: where it is refused
    """
    application = authenticate_client(call)
    check_grant_type(application, grant_types.AUTHORIZATION_CODE)
    refuse_unsupported(call)
    code, now = _find(call.form, application), timezone.now()
    _check(code, call.form, now)
    scopes = _scopes(code, application)
    access_token = _make_access_token(code, scopes)
    with turn_to_write(), transaction.atomic():
        # The condition is the lock: of two parallel uses one changes the row.
        won = AuthorizationCode.objects.filter(pk=code.pk, used_at=None).update(used_at=now)
        answer = _issue(code, access_token, scopes, now) if won else {}
    if not won:
        _end_family(code, now)
        raise InvalidGrant(NOT_GOOD, reason="code.reused")
    if OPENID in scopes:
        answer["id_token"] = id_token.make(code, access_token.text)
    return answer


def _find(form: Form, application: Application) -> AuthorizationCode:
    for name in ("code", "redirect_uri", "code_verifier"):
        if not form.get(name):
            raise InvalidRequest(
                f"The parameter {name} is missing.", reason="request.missing-parameter", wanted=name
            )
    codes = AuthorizationCode.objects.select_related("application", "user", "consent")
    code = codes.filter(digest=digest(form.get("code"))).first()
    if code is None or code.application_id != application.pk:
        raise InvalidGrant(NOT_GOOD, reason="code.unknown")
    return code


def _check(code: AuthorizationCode, form: Form, now: datetime) -> None:
    if code.used_at is not None:
        # Two people have it: what the first one got must end, too (RFC 6749 4.1.2).
        _end_family(code, now)
        raise InvalidGrant(NOT_GOOD, reason="code.reused")
    if code.expires_at <= now:
        raise InvalidGrant(NOT_GOOD, reason="code.expired")
    if form.get("redirect_uri") != code.redirect_uri:
        raise InvalidGrant(NOT_GOOD, reason="code.redirect-uri")
    if not pkce.proves(form.get("code_verifier"), code.code_challenge):
        raise InvalidGrant(NOT_GOOD, reason="code.verifier")
    if not code.user.is_usable or code.user.epoch != code.epoch:
        raise InvalidGrant(NOT_GOOD, reason="code.account-disabled")


def _end_family(code: AuthorizationCode, now: datetime) -> None:
    family = AuthorizationCode.objects.filter(pk=code.pk).values_list("family", flat=True).get()
    TokenFamily.objects.filter(pk=family, revoked_at=None).update(revoked_at=now)


def _scopes(code: AuthorizationCode, application: Application) -> frozenset[str]:
    """Return what was agreed to, and may still be had: a role may be lost within the minute."""
    agreed = frozenset(code.scope.split())
    return allowed_scopes(agreed, application, code.user, always=OIDC)


def _make_access_token(code: AuthorizationCode, scopes: frozenset[str]) -> NewToken:
    application = code.application
    claims = token_claims.access_token_claims(
        token_claims.local_identity(code.user, application.attributes) | code.authentication,
        application,
        audience=audience_of((), application),
        scopes=scopes,
        now=time.time(),
        lifetime=application.access_token_lifetime,
    )
    return make_access_token(claims, application)


def _issue(
    code: AuthorizationCode, access_token: NewToken, scopes: frozenset[str], now: datetime
) -> dict[str, Any]:
    application = code.application
    grounds = Grounds(application, user=code.user)
    family = refresh.begin_family(
        grounds,
        identity=code.authentication,
        targets=tuple(audience_of((), application)),
        scopes=scopes,
        now=now,
        consent=code.consent,
    )
    AuthorizationCode.objects.filter(pk=code.pk).update(family=family)
    keep(access_token, Grounds(application, user=code.user, family=family))
    answer: dict[str, Any] = {
        "access_token": access_token.text,
        "token_type": "Bearer",
        "expires_in": application.access_token_lifetime,
    }
    if scopes:
        answer["scope"] = " ".join(sorted(scopes))
    if OFFLINE in scopes and application.allows_grant_type(grant_types.REFRESH_TOKEN):
        answer["refresh_token"] = refresh.issue_refresh_token(family)
    return answer
