"""What we tell an API about a token (RFC 7662)."""

import base64
import json
from datetime import datetime
from typing import Any

from applications.models import Application
from idp.models import AccessToken, RefreshToken
from idp.tokens import standing
from idp.tokens.issue import digest
from idp.tokens.scopes import allowed_scopes

INACTIVE: dict[str, Any] = {"active": False}


def introspect(token: str, caller: Application, now: datetime) -> dict[str, Any]:
    """
    Say whether a token is active, and if the caller may know, what is in it.

    The application it was issued to may know, and an API that is in its audience by client ID; to
    everybody else, and for every token that is not good, the answer is the same (IR-02, IR-03).
    """
    if access_token := find_access_token(token):
        return _access_token(token, access_token, caller, now)
    if refresh_token := find_refresh_token(token):
        return _refresh_token(refresh_token, caller, now)
    return INACTIVE


def find_access_token(token: str) -> AccessToken | None:
    """Return the access token that a text is, with all it stands on."""
    tokens = AccessToken.objects.select_related(*standing.GROUNDS, "family")
    return tokens.filter(digest=digest(token)).first()


def find_refresh_token(token: str) -> RefreshToken | None:
    """Return the refresh token that a text is, with all its family stands on."""
    grounds = [f"family__{name}" for name in standing.GROUNDS]
    tokens = RefreshToken.objects.select_related("family", *grounds)
    return tokens.filter(digest=digest(token)).first()


def _access_token(
    token: str, found: AccessToken, caller: Application, now: datetime
) -> dict[str, Any]:
    claims = found.claims if found.claims is not None else _payload(token)
    audience = claims["aud"] if isinstance(claims["aud"], list) else [claims["aud"]]
    may_know = found.application_id == caller.pk or caller.client_id in audience
    if not may_know or standing.access_token_problem(found, now):
        return INACTIVE
    return {"active": True, "token_type": "Bearer"} | claims


def _refresh_token(found: RefreshToken, caller: Application, now: datetime) -> dict[str, Any]:
    family = found.family
    if family.application_id != caller.pk or found.used_at or standing.refresh_problem(family, now):
        return INACTIVE
    answer: dict[str, Any] = {
        "active": True,
        "client_id": family.application.client_id,
        "exp": int(family.expires_at.timestamp()),
        "iat": int(found.created_at.timestamp()),
    }
    scopes = allowed_scopes(
        frozenset(family.scope.split()),
        family.application,
        family.user,
        always=family.free_scopes,
    )
    return answer | ({"scope": " ".join(sorted(scopes))} if scopes else {})


def _payload(token: str) -> dict[str, Any]:
    """Read the claims of a JWT of ours: its digest is in the database, so we signed it."""
    payload = token.split(".")[1]
    claims: dict[str, Any] = json.loads(
        base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4))
    )
    return claims
