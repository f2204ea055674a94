"""
The decision: every check of an exchange, top to bottom, writing nothing.

The steps are numbered as in docs/exchange.md. Steps 1 to 3 are in grant.py, 14 and 17 in commit.py:
a one-time token is spent only after everything else passed. The name before the dot in a refusal's
reason is the name of a check in CHECKS.
"""

from dataclasses import dataclass

from applications.models import Application
from connections import jws, trust
from connections.jws import UnverifiedToken
from connections.models import Connection
from connections.refusal import KeysUnavailable, TokenRefused
from connections.verification import VerifiedClaims
from idp.errors import InvalidRequest, TemporarilyUnavailable
from idp.exchange import record as records
from idp.exchange import token_types
from idp.exchange.account import Identity, resolve_account
from idp.exchange.request import ExchangeRequest
from idp.exchange.targets import narrow_targets
from idp.models import ExchangeRecord
from idp.tokens.scopes import narrow_scopes

CHECKS = (
    "client",
    "grant",
    "request",
    "token-type",
    "format",
    "issuer",
    "connection",
    "algorithm",
    "signature",
    "time",
    "subject",
    "audience",
    "account",
    "target",
    "scope",
    "replay",
)


@dataclass(frozen=True, slots=True)
class Decision:
    """What is to be issued, for whom, and what it stands on."""

    request: ExchangeRequest
    application: Application
    connection: Connection
    claims: VerifiedClaims
    identity: Identity
    targets: tuple[str, ...]
    scopes: frozenset[str]


def decide(
    request: ExchangeRequest, application: Application, record: ExchangeRecord, *, now: float
) -> Decision:
    """
    Decide whether the application may have the token it asks for.

    `record` learns facts as they are proved, so that a refusal is recorded with all that was
    known at that point. `now` is seconds since the epoch.

    :raises OAuthError: with the error code of RFC 8693 2.2.2
    """
    try:
        check_format(request, application)  # 4
        token = jws.parse(request.subject_token)  # 5
        records.note_token(record, token)
        token_types.check_typ(request.subject_token_type, token.header)
        connection = trust.find_connection(token)  # 6
        records.note_connection(record, connection)
        check_connection(token, connection, application)  # 7
        claims = trust.verify(token, connection, now=now)  # 8 to 12
        record.subject = claims["sub"]
        token_types.check_claims(request.subject_token_type, claims)
        identity = resolve_account(connection, claims, application, now=now)  # 15
        record.user_id = identity.user and identity.user.pk
        record.identity = identity.outcome
        targets = narrow_targets(request.targets, application)  # 16
        scopes = narrow_scopes(request.scopes, application, identity.user)
    except TokenRefused as refusal:
        raise InvalidRequest(
            refusal.description, reason=refusal.reason, found=refusal.found, wanted=refusal.wanted
        ) from refusal
    except KeysUnavailable as problem:
        raise keys_unavailable(problem) from problem
    return Decision(request, application, connection, claims, identity, targets, scopes)


def check_format(request: ExchangeRequest, application: Application) -> None:
    """Refuse to promise a JWT where the application's access tokens are opaque (RFC 8693 2.2.1)."""
    if (
        request.requested_token_type == token_types.JWT
        and application.access_token_format != Application.TokenFormat.JWT
    ):
        raise InvalidRequest(
            "This application is set up for opaque access tokens: it cannot ask for a JWT.",
            reason="token-type.requested-unsupported",
            found=request.requested_token_type,
        )


def check_connection(
    token: UnverifiedToken, connection: Connection, application: Application
) -> None:
    """
    Refuse a token of a connection that this application may not use (TE-20).

    In the words for an unknown issuer: whom others may use is none of this application's business.
    """
    if not application.allows_connection(connection):
        raise trust.not_trusted(token, "connection.not-allowed")


def keys_unavailable(problem: KeysUnavailable) -> TemporarilyUnavailable:
    """Say that an issuer's keys are out of reach, without naming the address (RP-12)."""
    return TemporarilyUnavailable(
        "The keys of the issuer of this subject_token cannot be read at the moment.",
        retry_after=problem.retry_after,
        reason="signature.keys-unavailable",
        found=problem.detail,
    )
