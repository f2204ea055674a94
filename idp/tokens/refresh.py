"""
Refresh tokens: used once; a second use ends the whole family (RFC 6749 6, RFC 9700 4.14).

The family remembers whom its tokens are for and what was granted first; no refresh widens that.
"""

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from applications.attributes import PROFILE
from applications.models import Application
from idp.errors import InvalidGrant, InvalidRequest, InvalidTarget
from idp.exchange.request import parse_scope
from idp.exchange.targets import audience_of
from idp.form import Form
from idp.models import Consent, RefreshToken, TokenFamily
from idp.tokens import claims as token_claims
from idp.tokens import standing
from idp.tokens.issue import Grounds, NewToken, digest, keep, make_access_token
from idp.tokens.scopes import allowed_scopes, narrow_scopes
from idp.writing import turn_to_write

# One sentence for every cause: whoever holds a refresh token learns nothing about the account.
NOT_GOOD = "The refresh_token is unknown, used, expired or revoked."
GROUNDS = tuple(f"family__{name}" for name in standing.GROUNDS)


def begin_family(
    grounds: Grounds,
    *,
    identity: Mapping[str, Any],
    targets: tuple[str, ...],
    scopes: frozenset[str],
    now: datetime,
    consent: Consent | None = None,
) -> TokenFamily:
    """Start a family for an exchange, or for a sign-in that somebody consented to."""
    return TokenFamily.objects.create(
        application=grounds.application,
        connection=grounds.connection,
        user=grounds.user,
        link=grounds.link,
        claims=dict(identity),
        audience=list(targets),
        scope=" ".join(sorted(scopes)),
        consent=consent,
        expires_at=now + timedelta(seconds=grounds.application.refresh_token_lifetime),
    )


def issue_refresh_token(family: TokenFamily) -> str:
    """Return a new refresh token of the family: 256 random bits, remembered by digest only."""
    token = secrets.token_urlsafe(32)
    RefreshToken.objects.create(family=family, digest=digest(token))
    return token


def refresh(form: Form, application: Application) -> dict[str, Any]:
    """
    Answer a refresh request.

    :raises InvalidGrant: where the refresh token is not good any more, for whatever reason
    :raises InvalidScope: where it asks for more than was granted first
    """
    now = timezone.now()
    token = _find(form, application)
    family = token.family
    if token.used_at is not None:
        revoke_family(family, now)
        raise InvalidGrant(NOT_GOOD, reason="refresh.reused")
    if found := standing.refresh_problem(family, now):
        raise InvalidGrant(NOT_GOOD, reason=f"refresh.{found}")
    scopes = _scopes(form, family, application)
    targets = _targets(form, family, application)
    return _rotate(token, targets, scopes, now)


def revoke_family(family: TokenFamily, now: datetime) -> None:
    """End a family: none of its tokens is good any more."""
    TokenFamily.objects.filter(pk=family.pk, revoked_at=None).update(revoked_at=now)


def _find(form: Form, application: Application) -> RefreshToken:
    if not (value := form.get("refresh_token")):
        raise InvalidRequest(
            "The parameter refresh_token is missing.", reason="request.missing-parameter"
        )
    tokens = RefreshToken.objects.select_related("family", *GROUNDS)
    token = tokens.filter(digest=digest(value)).first()
    if token is None or token.family.application_id != application.pk:
        raise InvalidGrant(NOT_GOOD, reason="refresh.unknown")
    return token


def _scopes(form: Form, family: TokenFamily, application: Application) -> frozenset[str]:
    """Return what is asked for, or all that is left of what was granted first."""
    granted = frozenset(family.scope.split())
    if asked := parse_scope(form.get("scope")):
        free = family.free_scopes
        return narrow_scopes(asked, application, family.user, within=granted, always=free)
    return allowed_scopes(granted, application, family.user, always=family.free_scopes)


def _targets(form: Form, family: TokenFamily, application: Application) -> tuple[str, ...]:
    """Return the targets asked for, or those granted first; each must still be allowed."""
    granted = tuple(family.audience)
    asked = form.all("audience") + form.all("resource")
    if set(asked) - set(granted):
        raise InvalidTarget(
            "The audience or resource is more than was granted first.", reason="target.not-allowed"
        )
    default = set(audience_of((), application)) if family.consent_id else set()
    if set(asked or granted) - application.audiences - default:
        raise InvalidGrant(NOT_GOOD, reason="refresh.target-removed")
    return asked or granted


def _rotate(
    token: RefreshToken, targets: tuple[str, ...], scopes: frozenset[str], now: datetime
) -> dict[str, Any]:
    """Use up the token and issue its successors, in one transaction."""
    family = token.family
    # Signed before the transaction: others wait for their turn to write.
    access_token = _make_access_token(family, targets, scopes, now)
    with turn_to_write(), transaction.atomic():
        # The condition is the lock: of two parallel uses one changes the row (IT-18).
        unused = RefreshToken.objects.filter(pk=token.pk, used_at=None)
        if won := unused.update(used_at=now):
            keep(access_token, _grounds(family))
            refresh_token = issue_refresh_token(family)
    if not won:
        revoke_family(family, now)
        raise InvalidGrant(NOT_GOOD, reason="refresh.reused")
    return {
        "access_token": access_token.text,
        "token_type": "Bearer",
        "expires_in": access_token.claims["exp"] - access_token.claims["iat"],
        "refresh_token": refresh_token,
    } | ({"scope": " ".join(sorted(scopes))} if scopes else {})


def _make_access_token(
    family: TokenFamily, targets: tuple[str, ...], scopes: frozenset[str], now: datetime
) -> NewToken:
    application = family.application
    claims = token_claims.access_token_claims(
        _identity(family),
        application,
        audience=audience_of(targets, application),
        scopes=scopes,
        now=now.timestamp(),
        lifetime=_lifetime(family, application, now),
    )
    return make_access_token(claims, application)


def _lifetime(family: TokenFamily, application: Application, now: datetime) -> int:
    ends = [family.expires_at]
    if family.link is not None and family.link.expires_at is not None:
        ends.append(family.link.expires_at)
    remaining = int((min(ends) - now).total_seconds())
    return max(1, min(application.access_token_lifetime, remaining))


def _identity(family: TokenFamily) -> dict[str, Any]:
    """Return whom the family is for, with the profile of a local account as it is today."""
    attributes = family.application.attributes
    if family.user is None:
        lost = frozenset(PROFILE) - attributes
        return {name: value for name, value in family.claims.items() if name not in lost}
    fresh = token_claims.local_identity(family.user, attributes)
    return token_claims.authentication_context(family.claims) | fresh


def _grounds(family: TokenFamily) -> Grounds:
    return Grounds(family.application, family.connection, family.user, family.link, family)
