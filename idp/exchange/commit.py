"""The one place of an exchange that writes: everything in one transaction, or nothing."""

import hashlib
import math
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from django.db import IntegrityError, transaction

from accounts import linking
from accounts.models import FederatedLink, RemovedLink
from applications import grant_types
from connections.jws import END_OF_TIME
from connections.models import SpentToken
from connections.rows import insert
from idp.errors import InvalidRequest
from idp.exchange.pipeline import Decision
from idp.exchange.policy import Outcome
from idp.exchange.response import success
from idp.exchange.targets import audience_of
from idp.links import uses
from idp.models import ExchangeRecord, TokenFamily
from idp.tokens import claims as token_claims
from idp.tokens import refresh
from idp.tokens.issue import Grounds, NewToken, keep, make_access_token
from idp.writing import turn_to_write


class Overtaken(Exception):
    """What was decided on has changed meanwhile: decide again."""


def commit(decision: Decision, record: ExchangeRecord, *, now: float) -> dict[str, Any]:
    """
    Issue the token and return the answer to the client.

    The token and its record stand or fall together: a crash leaves neither.

    :raises InvalidRequest: where a one-time token was used before
    :raises Overtaken: where a link was made or removed since the decision
    """
    claims = _claims(decision, now)
    # Signed before the transaction: others wait for their turn to write.
    token = make_access_token(claims, decision.application)
    committed = False
    try:
        with turn_to_write(), transaction.atomic():
            answer = _write(decision, token, now)
            record.outcome, record.error = ExchangeRecord.Outcome.GRANTED, ""
            record.jti = claims["jti"]
            insert(record)
        committed = True
    except IntegrityError as problem:
        raise Overtaken from problem
    finally:
        if not committed:
            record.outcome, record.error = ExchangeRecord.Outcome.FAILED, "server_error"
    return answer


def _claims(decision: Decision, now: float) -> dict[str, Any]:
    return token_claims.access_token_claims(
        _identity(decision),
        decision.application,
        audience=audience_of(decision.targets, decision.application),
        scopes=decision.scopes,
        now=now,
        lifetime=lifetime_of(decision, now),
    )


def _write(decision: Decision, token: NewToken, now: float) -> dict[str, Any]:
    at = datetime.fromtimestamp(now, UTC)
    _spend(decision, now)
    link = _link(decision, at)
    application, user = decision.application, decision.identity.user
    grounds, refresh_token = Grounds(application, decision.connection, user, link), None
    if application.allows_grant_type(grant_types.REFRESH_TOKEN):
        family = _begin_family(decision, grounds, at)
        grounds = replace(grounds, family=family)
        refresh_token = refresh.issue_refresh_token(family)
    keep(token, grounds)
    return success(
        access_token=token.text,
        issued_token_type=decision.request.requested_token_type,
        expires_in=token.claims["exp"] - token.claims["iat"],
        granted=decision.scopes,
        asked=decision.request.scopes,
        refresh_token=refresh_token,
    )


def _begin_family(decision: Decision, grounds: Grounds, at: datetime) -> TokenFamily:
    return refresh.begin_family(
        grounds,
        identity=_identity(decision),
        targets=decision.targets,
        scopes=decision.scopes,
        now=at,
    )


def lifetime_of(decision: Decision, now: float) -> int:
    """
    Return for how many seconds the token lives: never past the subject token, unless allowed.

    Nor past the day on which the link's owner ends it.

    A token accepted within the clock skew is over by our clock; what is left of it by the
    issuer's is the rest of the skew.
    """
    wanted = until_the_link_ends(
        decision.application.access_token_lifetime, decision.identity.link, now
    )
    if decision.application.outlives_subject_token:
        return wanted
    remaining = math.floor(decision.claims["exp"] - now)
    if remaining < 1:
        remaining = max(1, math.floor(remaining + decision.connection.clock_skew))
    return min(wanted, remaining)


def until_the_link_ends(lifetime: int, link: FederatedLink | None, now: float) -> int:
    """Return a lifetime in seconds that is no longer than the owner's of the link."""
    if link is None or link.expires_at is None:
        return lifetime
    return max(1, min(lifetime, math.floor(link.expires_at.timestamp() - now)))


def _spend(decision: Decision, now: float) -> None:
    """Use up a one-time token: last of all checks, and held by a constraint (ST-24)."""
    connection, claims = decision.connection, decision.claims
    if not connection.one_time_tokens:
        return
    # A token may last until the end of the year 9999, past which no date can be written.
    forget_after = min(claims["exp"] + connection.clock_skew + 1, END_OF_TIME - 1)
    _spent, first_time = SpentToken.objects.get_or_create(
        connection=connection,
        token_id=token_id(claims, decision.request.subject_token),
        defaults={"forget_after": datetime.fromtimestamp(forget_after, UTC)},
    )
    if not first_time:
        raise InvalidRequest(
            "The subject_token has been used before, and its issuer allows one use.",
            reason="replay.used-before",
            found=claims.get("jti", ""),
        )


def token_id(claims: Mapping[str, Any], token: str) -> str:
    """Return what a spent token is remembered by: a digest of its jti, else of its claims."""
    jti = claims.get("jti")
    if isinstance(jti, str) and jti:
        return hashlib.sha256(b"jti " + jti.encode()).hexdigest()
    # Not the whole token: an ECDSA signature has a second valid form (AT-016).
    signed_part = token.rpartition(".")[0]
    return hashlib.sha256(b"jws " + signed_part.encode()).hexdigest()


def _link(decision: Decision, at: datetime) -> FederatedLink | None:
    """Return the link that the token stands on, written now where the decision says so."""
    identity, subject = decision.identity, decision.claims["sub"]
    if identity.outcome == Outcome.FEDERATED:
        return None
    if identity.link is not None:
        uses.note_use(identity.link, decision.application, at)
        return identity.link
    removed = RemovedLink.objects.filter(user=identity.user, connection=decision.connection)
    if removed.filter(subject=subject).exists():
        raise Overtaken
    application = decision.application
    link = linking.make_link(
        decision.connection,
        subject,
        identity.user,
        identity.matched_by,
        at,
        used_by=application.pk,
    )
    uses.note_making(link, application, at)
    return link


def _identity(decision: Decision) -> dict[str, Any]:
    context = token_claims.authentication_context(decision.claims)
    attributes = decision.application.attributes
    if decision.identity.user is not None:
        return context | token_claims.local_identity(decision.identity.user, attributes)
    return context | token_claims.federated_identity(
        decision.claims, decision.connection.issuer, attributes
    )
