"""
What waits in a session: sign-ins that were begun, and proofs to be confirmed.

It is the session's and the account's: nobody can be made to finish what somebody else began
(login CSRF, AT-122). Each is taken once, soon, or never.
"""

import time
from secrets import token_urlsafe
from typing import Any

from django.http import HttpRequest

SIGN_INS, PROOFS = "link-sign-ins", "link-proofs"
LIFETIMES = {SIGN_INS: 600, PROOFS: 300}  # seconds
MOST = 5  # of a kind: tabs that one may have open


def put(request: HttpRequest, kind: str, about: dict[str, Any]) -> str:
    """Keep something for this session and account; return the name under which it waits."""
    name = token_urlsafe(32)
    waiting = _waiting(request, kind)
    waiting[name] = about | {"user": str(request.user.public_id), "at": time.time()}
    request.session[kind] = dict(list(waiting.items())[-MOST:])
    return name


def see(request: HttpRequest, kind: str, name: str) -> dict[str, Any] | None:
    """Return what waits under the name, and leave it."""
    return _waiting(request, kind).get(name)


def take(request: HttpRequest, kind: str, name: str) -> dict[str, Any] | None:
    """Return what waits under the name, and let it wait no longer."""
    waiting = _waiting(request, kind)
    about = waiting.pop(name, None)
    request.session[kind] = waiting
    return about


def _waiting(request: HttpRequest, kind: str) -> dict[str, dict[str, Any]]:
    """Return what is this account's and not too old."""
    mine, now = str(request.user.public_id), time.time()
    return {
        name: about
        for name, about in request.session.get(kind, {}).items()
        if about["user"] == mine and 0 <= now - about["at"] < LIFETIMES[kind]
    }
