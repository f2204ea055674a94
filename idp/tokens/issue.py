"""Make an access token, and remember its digest and what it stands on."""

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from accounts.models import FederatedLink, User
from applications.models import Application
from connections.models import Connection
from connections.rows import insert, new
from idp.models import AccessToken, TokenFamily
from idp.tokens import signing

JWT_TYP = "at+jwt"


@dataclass(frozen=True, slots=True)
class Grounds:
    """What a token stands on: when any of it is disabled, the token is inactive."""

    application: Application
    connection: Connection | None = None
    user: User | None = None
    link: FederatedLink | None = None
    family: TokenFamily | None = None


@dataclass(frozen=True, slots=True)
class NewToken:
    """A token that is not remembered yet; `kid` is empty where it is opaque."""

    text: str
    kid: str
    claims: Mapping[str, Any]


def digest(token: str) -> str:
    """Return what is stored in place of a token: its SHA-256 in hexadecimal."""
    return hashlib.sha256(token.encode()).hexdigest()


def make_access_token(claims: Mapping[str, Any], application: Application) -> NewToken:
    """
    Make a token that nobody may be given before it is kept.

    Call it before the transaction that keeps it: it may have to make the first signing key, and one
    made in a transaction that is rolled back would be remembered by this process alone.
    """
    if application.access_token_format == Application.TokenFormat.OPAQUE:
        return NewToken(secrets.token_urlsafe(32), "", claims)
    text, kid = signing.sign(claims, algorithm=application.signing_algorithm, typ=JWT_TYP)
    return NewToken(text, kid, claims)


def keep(token: NewToken, grounds: Grounds) -> None:
    """Remember a new token by its digest, and what it stands on."""
    row = new(
        AccessToken,
        digest=digest(token.text),
        kid=token.kid,
        # A JWT tells its claims itself; those of an opaque token have to be kept.
        claims=None if token.kid else dict(token.claims),
        scope=token.claims.get("scope", ""),
        expires_at=datetime.fromtimestamp(token.claims["exp"], UTC),
        application_id=grounds.application.pk,
        connection_id=grounds.connection and grounds.connection.pk,
        user_id=grounds.user and grounds.user.pk,
        link_id=grounds.link and grounds.link.pk,
        family_id=grounds.family and grounds.family.pk,
    )
    insert(row)
