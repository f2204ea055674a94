"""
What a token may be for: the application's scopes; of those that need a role, the account's.

Every grant asks here, and standing.py asks again whenever a token is used: a role that is lost, or
a scope that is marked, counts from the next request on. Read in one statement, and in none where
there is no scope to speak of.
"""

from typing import Any

from django.db.models import QuerySet, Value

from accounts.models import Role, User
from applications.models import Application, Scope
from connections.prepared import Listing
from idp.errors import InvalidScope

MARKED, GRANTED = "marked", "granted"
NO_ROLE = "a role that has this scope: there is none"

# One sentence for both causes: what an account may do is none of the application's business.
TOO_MUCH = "The scope is more than this application may ask for."


def narrow_scopes(
    scopes: frozenset[str],
    application: Application,
    user: User | None,
    *,
    within: frozenset[str] | None = None,
    always: frozenset[str] = frozenset(),
) -> frozenset[str]:
    """
    Return the scopes asked for, if the token may have each of them; none asked, none given.

    `user` is the local account the token is for; None for an outside identity, and where there is
    nobody. `within` bounds the scopes further: a refresh asks for no more than was granted first
    (RFC 6749 6). `always` are scopes that every application may ask for: OpenID Connect's, where
    somebody signs in.

    :raises InvalidScope: where one goes beyond
    """
    registered = application.scopes | always
    allowed = registered if within is None else registered & within
    if refused := scopes - allowed:
        raise InvalidScope(
            TOO_MUCH,
            reason="scope.not-allowed",
            found=" ".join(sorted(refused)),
            wanted=" ".join(sorted(allowed)),
        )
    if refused := without_role(scopes, user):
        raise InvalidScope(
            TOO_MUCH,
            reason="scope.needs-role",
            found=" ".join(sorted(refused)),
            wanted=_wanted(refused, user),
        )
    return scopes


def allowed_scopes(
    scopes: frozenset[str],
    application: Application,
    user: User | None,
    *,
    always: frozenset[str] = frozenset(),
) -> frozenset[str]:
    """Return what is left of scopes that were granted once; `always` as above."""
    left = scopes & (application.scopes | always)
    return left - without_role(left, user)


def without_role(scopes: frozenset[str], user: User | None) -> frozenset[str]:
    """Return those of the scopes that need a role, and that no role of the account grants."""
    if not scopes:
        return frozenset()
    rows = _marked_and_granted.fetch(user.pk if user else None, *sorted(scopes))
    marked = {text for kind, text in rows if kind == MARKED}
    granted = {word for kind, text in rows if kind == GRANTED for word in text.split()}
    return frozenset(marked - granted)


def _rows(user: Value, *scopes: Value) -> QuerySet[Any]:
    marked = Scope.objects.filter(needs_role=True, name__in=scopes).order_by()
    granting = Role.objects.filter(members=user).order_by()
    return marked.values_list(Value(MARKED), "name").union(
        granting.values_list(Value(GRANTED), "scopes"), all=True
    )


_marked_and_granted = Listing(_rows)


def _wanted(scopes: frozenset[str], user: User | None) -> str:
    """Say what an administrator can do: only they read it."""
    if user is None:
        return "a local account with a role that has this scope"
    roles = Role.objects.values_list("name", "scopes")
    fitting = [name for name, granted in roles if granted & scopes]
    return f"one of the roles: {', '.join(fitting)}" if fitting else NO_ROLE
