"""
Prove that a trusted issuer made a token, for us, and that it is valid now.

Pure: no Django, no database, no network. The order is section 2 of the design page "The exchange",
steps 8 to 12.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NewType

from connections.jws import UnverifiedToken, numeric_date, refusal
from connections.keys import VerificationKey
from connections.signature import verify_signature

# Proof that verify() succeeded: nothing else in the product makes one.
VerifiedClaims = NewType("VerifiedClaims", Mapping[str, Any])

MAXIMUM_SUBJECT_LENGTH = 255
MAXIMUM_TOKEN_ID_LENGTH = 256

# Claims that limit who may use a token, in ways that nothing here can honour yet: a key to prove
# (RFC 7800 3.1), an actor, and who may become one (RFC 8693 4.1, 4.4).
LIMITS = {
    "cnf": ("subject.key-bound", "is bound to a key (cnf): proof of possession is not supported."),
    "act": ("subject.actor", "names an actor (act): delegation is not supported."),
    "may_act": ("subject.may-act", "limits who may act (may_act): delegation is not supported."),
}

_CONTROL_CHARACTER = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class TrustedIssuer:
    """
    An issuer as we trust it.

    `audiences` are the names under which it may address us; `algorithms` names of our table;
    `clock_skew` and `maximum_age` are seconds.
    """

    issuer: str
    audiences: frozenset[str]
    algorithms: frozenset[str]
    clock_skew: int
    maximum_age: int


def verify(
    token: UnverifiedToken, issuer: TrustedIssuer, keys: Sequence[VerificationKey], *, now: float
) -> VerifiedClaims:
    """
    Verify the token as one of this issuer, at the time `now` (seconds since 1970).

    `keys` are the issuer's own, all of them. Raises TokenRefused for the first step that fails.
    """
    check_issuer(token, issuer)
    verify_signature(token, keys, issuer.algorithms)
    check_expiry(token, issuer, now)
    check_not_before(token, issuer, now)
    check_age(token, issuer, now)
    check_subject(token)
    check_limits(token)
    check_audience(token, issuer)
    check_token_id(token)
    return VerifiedClaims(token.claims)


def check_issuer(token: UnverifiedToken, issuer: TrustedIssuer) -> None:
    """Refuse a token of another issuer: the caller chose the wrong keys (ST-02)."""
    found = token.claims.get("iss")
    if not isinstance(found, str) or found != issuer.issuer:
        predicate = "is not one of the issuer that it was taken for."
        raise refusal(token, "issuer.mismatch", predicate, found, issuer.issuer)


def check_expiry(token: UnverifiedToken, issuer: TrustedIssuer, now: float) -> None:
    """Refuse a token without an end, or past it (RFC 7519 4.1.4)."""
    if "exp" not in token.claims:
        raise refusal(token, "time.no-expiry", "has no exp: a token must say when it expires.")
    exp = _time(token, "exp")
    if now >= exp + issuer.clock_skew:
        raise refusal(token, "time.expired", "has expired.", exp, f"after {now:.0f}")


def check_not_before(token: UnverifiedToken, issuer: TrustedIssuer, now: float) -> None:
    """Refuse a token before its time (RFC 7519 4.1.5)."""
    if "nbf" in token.claims and (nbf := _time(token, "nbf")) > now + issuer.clock_skew:
        predicate = "is not valid yet (nbf): check the clock of its issuer."
        raise refusal(token, "time.not-yet-valid", predicate, nbf, f"at most {now:.0f}")


def check_age(token: UnverifiedToken, issuer: TrustedIssuer, now: float) -> None:
    """Refuse a token from the future, or one issued longer ago than the connection allows."""
    if "iat" not in token.claims:
        return
    iat = _time(token, "iat")
    if iat > now + issuer.clock_skew:
        predicate = "was issued in the future (iat): check the clock of its issuer."
        raise refusal(token, "time.issued-in-future", predicate, iat, f"at most {now:.0f}")
    if now - iat > issuer.maximum_age + issuer.clock_skew:
        predicate = "was issued too long ago (iat): get a new one from its issuer."
        raise refusal(token, "time.too-old", predicate, iat, f"{issuer.maximum_age} s at most")


def check_subject(token: UnverifiedToken) -> None:
    """Refuse a token that does not say who it is about, in text that can be kept (ST-11)."""
    if "sub" not in token.claims:
        raise refusal(token, "subject.missing", "has no sub: it must say who it is about.")
    sub = token.claims["sub"]
    if not is_name(sub, MAXIMUM_SUBJECT_LENGTH):
        predicate = (
            f"has a sub that is not text of 1 to {MAXIMUM_SUBJECT_LENGTH} characters "
            "without control characters."
        )
        raise refusal(token, "subject.malformed", predicate, sub)


def check_limits(token: UnverifiedToken) -> None:
    """Refuse a token that only some may use: to drop the limit would widen it (ST-25, AC-09)."""
    for claim, (reason, predicate) in LIMITS.items():
        if claim in token.claims:
            raise refusal(token, reason, predicate, token.claims[claim])


def check_audience(token: UnverifiedToken, issuer: TrustedIssuer) -> None:
    """Refuse a token that was not made for us (RFC 7519 4.1.3, RFC 8725 3.9)."""
    wanted = " ".join(sorted(issuer.audiences))
    if "aud" not in token.claims:
        predicate = "has no aud: it must name this server."
        raise refusal(token, "audience.missing", predicate, wanted=wanted)
    aud = token.claims["aud"]
    names = [aud] if isinstance(aud, str) else aud
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        predicate = "has an aud that is neither a string nor a list of strings."
        raise refusal(token, "audience.malformed", predicate, aud, wanted)
    if issuer.audiences.isdisjoint(names):
        predicate = (
            "is not intended for this server: its aud must contain the issuer of this server "
            "or the alias agreed with it."
        )
        raise refusal(token, "audience.not-us", predicate, aud, wanted)


def check_token_id(token: UnverifiedToken) -> None:
    """Refuse a jti that could not be remembered (RFC 7519 4.1.7). A token may have none."""
    if "jti" in token.claims and not is_name(token.claims["jti"], MAXIMUM_TOKEN_ID_LENGTH):
        predicate = f"has a jti that is not text of 1 to {MAXIMUM_TOKEN_ID_LENGTH} characters."
        raise refusal(token, "replay.malformed", predicate, token.claims["jti"])


def is_name(value: object, maximum: int) -> bool:
    """Say whether the value is text, not blank, not too long, and free of control characters."""
    return (
        isinstance(value, str)
        and len(value) <= maximum
        and bool(value.strip())
        and not _CONTROL_CHARACTER.search(value)
    )


def _time(token: UnverifiedToken, claim: str) -> int | float:
    value = token.claims[claim]
    try:
        return numeric_date(value)
    except ValueError:
        predicate = f"has an {claim} that is not a number of seconds since 1970."
        raise refusal(token, "time.malformed", predicate, value, "a NumericDate") from None
