"""
Whether a token still stands on what it was issued for: the one place that knows.

Introspection and refresh ask here, so that "disabled" means the same on every path (IT-19, IR-06).
A deleted user, link, connection or application takes its tokens along by the database's cascade.
"""

from datetime import datetime

from applications import grant_types
from idp.links.objection import objection
from idp.models import AccessToken, SigningKey, TokenFamily
from idp.tokens.scopes import without_role

GROUNDS = ("application", "connection", "user", "link")


def problem(token: AccessToken | TokenFamily, now: datetime) -> str:
    """
    Say why a token, or a family of tokens, is no longer good; return an empty text if it is.

    The token comes with its GROUNDS selected. The answer is for the record, not for the client.
    """
    application, connection, user = token.application, token.connection, token.user
    if token.revoked_at is not None:
        return "revoked"
    if token.expires_at <= now:
        return "expired"
    if found := _application_problem(token):
        return found
    if connection is not None and not connection.enabled:
        return "connection-disabled"
    if user is not None and not user.is_usable:
        return "account-disabled"
    return objection(token.link, application, now) if token.link is not None else ""


def _application_problem(token: AccessToken | TokenFamily) -> str:
    application, connection = token.application, token.connection
    if not application.enabled:
        return "application-disabled"
    if not application.allows_grant_type(_origin(token)):
        return "grant-removed"
    if connection is not None and not application.allows_connection(connection):
        return "connection-not-allowed"
    return ""


def access_token_problem(token: AccessToken, now: datetime) -> str:
    """
    Say why an access token is no longer good: as above, its family, its signing key, and its scope.

    A family outlives a role that is lost: it is refreshed without the scope.
    """
    if found := problem(token, now):
        return found
    if token.family is not None and token.family.revoked_at is not None:
        return "revoked"
    if token.kid and not _key_is_good(token.kid):
        return "key-withdrawn"
    if without_role(frozenset(token.scope.split()), token.user):
        return "role-lost"
    return ""


def refresh_problem(family: TokenFamily, now: datetime) -> str:
    """
    Say why a family cannot be refreshed any more: as above, and its application's switches.

    An application that mandates local accounts meanwhile gets no more tokens for outside
    identities, and one that does not prioritize them any more gets none for local accounts.
    """
    if found := problem(family, now):
        return found
    application = family.application
    if not application.allows_grant_type(grant_types.REFRESH_TOKEN):
        return "grant-removed"
    if family.consent_id is not None:  # a sign-in is for a local account, whatever the switches say
        return ""
    if family.user is None and application.mandate_local:
        return "local-account-mandated"
    if family.user is not None and not application.prioritize_local:
        return "local-account-not-wanted"
    return ""


def _origin(token: AccessToken | TokenFamily) -> str:
    """Return the grant that a token goes back to: one with a connection was exchanged."""
    if token.connection_id:
        return grant_types.TOKEN_EXCHANGE
    return grant_types.AUTHORIZATION_CODE if token.user_id else grant_types.CLIENT_CREDENTIALS


def _key_is_good(kid: str) -> bool:
    keys = SigningKey.objects.exclude(state=SigningKey.State.WITHDRAWN)
    return keys.filter(kid=kid).exists()
