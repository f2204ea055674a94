"""
Applications that prove who they are with a JWT they signed (RFC 7523 2.2, `private_key_jwt`).

Stricter than the RFC where its successor is: the audience is our issuer and nothing else, since
an assertion made for somebody else's token endpoint must not open ours (rfc7523bis, AT-106).
"""

import hashlib
import time
from collections.abc import Sequence
from datetime import UTC, datetime

from django.conf import settings

from applications.models import Application, SpentAssertion
from connections import jws, verification
from connections.addresses import is_plain_text
from connections.algorithms import ALGORITHMS
from connections.jwks import keys_for
from connections.jws import UnverifiedToken
from connections.keys import VerificationKey, from_jwk
from connections.refusal import TokenRefused
from connections.verification import TrustedIssuer, VerifiedClaims

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
TYP = ("jwt", "client-authentication+jwt")
CLOCK_SKEW = 30  # seconds
MAXIMUM_LIFETIME = 3600  # seconds


def authenticate(assertion: str) -> Application:
    """
    Return the application that signed the assertion, and use the assertion up.

    Raises TokenRefused with the reason, which is for the record: the client is told no more than
    that authentication failed. Raises KeysUnavailable where its JWKS URL does not answer.
    """
    token = jws.parse(assertion, parameter="client_assertion")
    application = _find(token)
    claims = _verify(token, application)
    _spend(application, claims)
    return application


def _find(token: UnverifiedToken) -> Application:
    """Return the enabled application that the assertion says it is of, registered for keys."""
    client_id = token.claims.get("iss")
    known_form = isinstance(client_id, str) and bool(client_id) and is_plain_text(client_id)
    applications = Application.objects.select_related("key_set").filter(
        client_id=client_id if known_form else "",
        enabled=True,
        authentication_method=Application.Authentication.PRIVATE_KEY_JWT,
    )
    if (application := applications.first()) is None:
        raise _refusal("client.unknown", found=client_id)
    return application


def _verify(token: UnverifiedToken, application: Application) -> VerifiedClaims:
    now = time.time()
    _check_typ(token)
    issuer = TrustedIssuer(
        issuer=application.client_id,
        audiences=frozenset({settings.ISSUER}),
        algorithms=frozenset(ALGORITHMS),
        clock_skew=CLOCK_SKEW,
        maximum_age=MAXIMUM_LIFETIME,
    )
    claims = verification.verify(token, issuer, _keys(token, application), now=now)
    if claims["sub"] != application.client_id:
        raise _refusal("client.subject-differs", found=claims["sub"], wanted=application.client_id)
    if claims["aud"] not in (settings.ISSUER, [settings.ISSUER]):
        raise _refusal("client.audience-not-alone", found=claims["aud"], wanted=settings.ISSUER)
    if claims["exp"] > now + MAXIMUM_LIFETIME + CLOCK_SKEW:
        raise _refusal("client.lives-too-long", found=claims["exp"])
    if "jti" not in claims:
        raise _refusal("client.no-jti", wanted="jti")
    return claims


def _check_typ(token: UnverifiedToken) -> None:
    """Refuse a token of another kind, such as one of our own access tokens (IT-15, CA-10)."""
    typ = token.header.get("typ")
    if typ is not None and str(typ).lower().removeprefix("application/") not in TYP:
        raise _refusal("client.typ", found=typ, wanted=" or ".join(TYP))


def _keys(token: UnverifiedToken, application: Application) -> Sequence[VerificationKey]:
    if application.jwks:
        return [from_jwk(jwk) for jwk in application.jwks]
    return keys_for(application, kid=token.header.get("kid"))


def _spend(application: Application, claims: VerifiedClaims) -> None:
    """Use the assertion up; the constraint decides between two at once (CA-11)."""
    forget_after = datetime.fromtimestamp(claims["exp"] + CLOCK_SKEW + 1, UTC)
    _spent, first_time = SpentAssertion.objects.get_or_create(
        application=application,
        token_id=hashlib.sha256(claims["jti"].encode()).hexdigest(),
        defaults={"forget_after": forget_after},
    )
    if not first_time:
        raise _refusal("client.assertion-used-before", found=claims["jti"])


def _refusal(reason: str, *, found: object = "", wanted: object = "") -> TokenRefused:
    return TokenRefused(reason, "The client_assertion is refused.", found=found, wanted=wanted)
