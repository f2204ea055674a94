"""A token that somebody pastes: held against everything an exchange asks, and younger."""

from time import time

from django.utils.translation import gettext_lazy as _

from connections import jws, trust
from connections.models import Connection, SpentToken
from connections.refusal import KeysUnavailable, TokenRefused
from connections.verification import VerifiedClaims
from idp.account.linking.proof import Proof
from idp.account.linking.refusal import ADMINISTRATOR, LinkingRefused
from idp.account.linking.ways import TOKEN

MAXIMUM_AGE = 300  # seconds, whatever the connection allows; no clock skew makes it more
INVALID = 422
NEW = _("Get a new token from the organisation, and paste it within five minutes.")


def prove(connection: Connection, text: str) -> Proof:
    """Return the identity that the token proves. :raises LinkingRefused:"""
    now = time()
    try:
        token = jws.parse(text, parameter="token")
        if trust.find_connection(token).pk != connection.pk:
            why = _("This token is of another organisation than the one you chose.")
            raise LinkingRefused(why, NEW, status=INVALID)
        claims = trust.verify(token, connection, now=now)
    except TokenRefused as refusal:
        raise LinkingRefused(refusal.description, NEW, status=INVALID) from refusal
    except KeysUnavailable as problem:
        why = _("The organisation cannot be asked for its keys at the moment.")
        raise LinkingRefused(why, ADMINISTRATOR, status=424, detail=problem.detail) from problem
    _check_age(claims, now)
    proof = Proof.of(connection, claims, text, TOKEN)
    if SpentToken.objects.filter(connection=connection, token_id=proof.token_id).exists():
        raise used_before()
    return proof


def used_before() -> LinkingRefused:
    """Refuse a token that was used: each proves an identity once."""
    return LinkingRefused(_("This token was used before."), NEW, status=INVALID)


def _check_age(claims: VerifiedClaims, now: float) -> None:
    """Refuse a token that could lie in somebody's log by now, or does not say how old it is."""
    if "iat" not in claims:
        why = _("This token does not say when it was issued (iat).")
        raise LinkingRefused(why, ADMINISTRATOR, status=INVALID)
    if now - claims["iat"] > MAXIMUM_AGE:
        why = _("This token was issued more than five minutes ago.")
        raise LinkingRefused(why, NEW, status=INVALID)
