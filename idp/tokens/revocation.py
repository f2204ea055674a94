"""End a token before its time (RFC 7009)."""

from datetime import datetime

from applications.models import Application
from idp.models import AccessToken
from idp.tokens.introspection import find_access_token, find_refresh_token
from idp.tokens.refresh import revoke_family


def revoke(token: str, caller: Application, now: datetime) -> None:
    """
    Revoke a token that was issued to the caller; a refresh token takes its family along.

    Any other text is left alone, and the caller cannot tell the difference (RFC 7009 2.2).
    """
    if (access_token := find_access_token(token)) and access_token.application_id == caller.pk:
        AccessToken.objects.filter(pk=access_token.pk, revoked_at=None).update(revoked_at=now)
    refresh_token = find_refresh_token(token)
    if refresh_token and refresh_token.family.application_id == caller.pk:
        revoke_family(refresh_token.family, now)
