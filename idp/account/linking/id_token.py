"""An ID token that came for our code (OpenID Connect Core 3.1.3.7); never an access token."""

from dataclasses import replace
from time import time

from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext_lazy as _

from connections import jws, trust
from connections.models import Connection
from connections.refusal import KeysUnavailable, TokenRefused
from connections.verification import VerifiedClaims
from idp.account.linking.authorization import Begun
from idp.account.linking.proof import Proof
from idp.account.linking.refusal import ADMINISTRATOR, LinkingRefused
from idp.account.linking.ways import SIGN_IN
from idp.errors import InvalidRequest
from idp.exchange import token_types

MAXIMUM_AGE = 300  # seconds


def prove(connection: Connection, text: str, begun: Begun) -> Proof:
    """Return the identity that the ID token proves. :raises LinkingRefused:"""
    issuer = replace(
        trust.trusted_issuer(connection),
        audiences=frozenset({connection.client_id}),
        maximum_age=MAXIMUM_AGE,
    )
    try:
        token = jws.parse(text, parameter="id_token")
        token_types.check_typ(token_types.ID_TOKEN, token.header)
        claims = trust.verify_as(token, connection, issuer, now=time())
    except (TokenRefused, InvalidRequest) as refusal:
        raise _not_good(refusal.reason) from refusal
    except KeysUnavailable as problem:
        why = _("The organisation cannot be asked for its keys at the moment.")
        raise LinkingRefused(why, ADMINISTRATOR, status=424, detail=problem.detail) from problem
    _check_presenter(claims, connection.client_id)
    _check_nonce(claims, begun.nonce)
    if "iat" not in claims:
        raise _not_good("id-token.no-issue-time")
    return Proof.of(connection, claims, text, SIGN_IN)


def _check_presenter(claims: VerifiedClaims, client_id: str) -> None:
    """Refuse a token that was made for another client, with us as one audience of several."""
    aud = claims["aud"]
    is_shared = isinstance(aud, list) and len(aud) > 1
    if ("azp" in claims or is_shared) and claims.get("azp") != client_id:
        raise _not_good("id-token.other-party")


def _check_nonce(claims: VerifiedClaims, nonce: str) -> None:
    """Refuse a token of another sign-in: it could have been stolen (code injection)."""
    found = claims.get("nonce")
    if not isinstance(found, str) or not constant_time_compare(found, nonce):
        raise _not_good("nonce")


def _not_good(detail: str) -> LinkingRefused:
    why = _("The answer of the organisation does not prove who you are there.")
    return LinkingRefused(why, ADMINISTRATOR, detail=detail)
