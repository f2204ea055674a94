"""What an application may know of whoever signed in (OpenID Connect Core 5.3)."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from idp.authorization.scopes import OPENID, claims_of
from idp.tokens import standing
from idp.tokens.claims import local_identity
from idp.tokens.introspection import find_access_token

HEADERS = {"Cache-Control": "no-store", "Pragma": "no-cache"}


@csrf_exempt  # no cookie authenticates here
def userinfo(request: HttpRequest) -> HttpResponse:
    """Answer the claims that the scopes of a bearer token stand for; the token is in the header."""
    if request.method not in ("GET", "POST"):
        return _refusal(405, "invalid_request", "Send a GET or a POST request.", Allow="GET, POST")
    kind, _, text = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "bearer" or not text.strip():
        return _refusal(401, "", "")
    token = find_access_token(text.strip())
    if token is None or standing.access_token_problem(token, timezone.now()):
        return _refusal(401, "invalid_token", "The access token is unknown, expired or revoked.")
    scopes = frozenset(token.scope.split())
    # Of a sign-in alone: what was exchanged is for an API, whatever its scopes are called.
    if OPENID not in scopes or token.family is None or token.family.consent_id is None:
        return _refusal(403, "insufficient_scope", "The access token has no scope openid.")
    return JsonResponse(local_identity(token.user, claims_of(scopes)), headers=HEADERS)


def _refusal(status: int, error: str, description: str, **headers: str) -> HttpResponse:
    """Refuse as RFC 6750 3 says; who sends no token learns no error."""
    challenge = 'Bearer realm="Agio"'
    members: dict[str, Any] = {}
    if error:
        challenge += f', error="{error}", error_description="{description}"'
        members = {"error": error, "error_description": description}
    return JsonResponse(
        members, status=status, headers=HEADERS | {"WWW-Authenticate": challenge} | headers
    )
