"""Codes: 256 random bits, kept by digest only, good once and for a minute (RFC 6749 4.1.2)."""

import secrets
from datetime import timedelta
from typing import Any

from django.utils import timezone

from accounts.models import User
from idp.authorization.request import AuthorizationRequest
from idp.models import AuthorizationCode, Consent
from idp.tokens.issue import digest

GOOD_FOR = timedelta(seconds=60)
# A code that comes back later still ends what was made of it.
REMEMBERED_FOR = timedelta(days=1)


def issue(
    asked: AuthorizationRequest, user: User, consent: Consent, authentication: dict[str, Any]
) -> str:
    """Return a new code for what was asked and agreed to. Call it in a transaction."""
    code = secrets.token_urlsafe(32)
    AuthorizationCode.objects.create(
        digest=digest(code),
        application=asked.client.application,
        user=user,
        consent=consent,
        redirect_uri=asked.client.redirect_uri,
        code_challenge=asked.code_challenge,
        scope=" ".join(sorted(asked.scopes)),
        nonce=asked.nonce,
        authentication=authentication,
        epoch=user.epoch,
        expires_at=timezone.now() + GOOD_FOR,
    )
    return code
