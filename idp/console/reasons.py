"""
The reasons of refusals in words: a title for the page of an exchange, and for filters.

A reason is `check.problem`. Where a problem has no words of its own (a client assertion fails in
every way that a token does), those of its check serve.
"""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

type Text = str | Promise

BY_CHECK: Mapping[str, Text] = {
    "client": _("Client not authenticated"),
    "grant": _("Grant not allowed"),
    "request": _("Request not understood"),
    "token-type": _("Token type not supported"),
    "format": _("Not a well-formed JWT"),
    "issuer": _("Issuer not trusted"),
    "connection": _("Connection not allowed for the application"),
    "algorithm": _("Algorithm not accepted"),
    "signature": _("Signature not verified"),
    "time": _("Not valid at this time"),
    "subject": _("Subject not usable"),
    "audience": _("Audience not accepted"),
    "account": _("No account to issue the token for"),
    "target": _("Target not allowed"),
    "scope": _("Scope not allowed"),
    "replay": _("Token used before"),
}

REASONS: Mapping[str, Text] = {
    "account.found-unusable": _("The matching account is disabled"),
    "account.link-expired": _("The owner’s day for the link is over"),
    "account.link-limited": _("The owner limits the link to other applications"),
    "account.link-paused": _("The owner paused the link"),
    "account.linked-unusable": _("The linked account is disabled"),
    "account.not-found": _("No account matches"),
    "account.overtaken": _("The account changed at this very moment"),
    "account.unlinked": _("No account is linked"),
    "algorithm.key-mismatch": _("Algorithm does not fit the key"),
    "algorithm.not-accepted": _("Algorithm not accepted"),
    "audience.malformed": _("Audience malformed"),
    "audience.missing": _("Token has no audience"),
    "audience.not-us": _("Audience not accepted"),
    "client.assertion-is-subject": _("The same JWT as client assertion and subject token"),
    "client.assertion-type": _("Type of client assertion not supported"),
    "client.assertion-used-before": _("Client assertion used before"),
    "client.audience-not-alone": _("Client assertion is for others, too"),
    "client.keys-unavailable": _("Keys of the application could not be fetched"),
    "client.lives-too-long": _("Client assertion lives too long"),
    "client.malformed-header": _("Authorization header malformed"),
    "client.mismatch": _("Two different client IDs"),
    "client.no-jti": _("Client assertion has no jti"),
    "client.not-authenticated": _("Client not authenticated"),
    "client.public": _("A public client sent a secret"),
    "client.subject-differs": _("Client assertion names another client"),
    "client.too-many-failures": _("Too many failed attempts"),
    "client.two-methods": _("Two ways of client authentication at once"),
    "client.typ": _("Type of client assertion not accepted"),
    "client.unknown": _("Client unknown"),
    "connection.not-allowed": _("Connection not allowed for the application"),
    "grant.not-allowed": _("Token exchange not allowed for the application"),
    "issuer.disabled": _("Connection disabled"),
    "issuer.malformed": _("Issuer malformed"),
    "issuer.mismatch": _("Issuer differs"),
    "issuer.missing": _("Token has no issuer"),
    "issuer.ourselves": _("A token of this server"),
    "issuer.unknown": _("Issuer not trusted"),
    "replay.malformed": _("Token ID malformed"),
    "replay.used-before": _("Token used before"),
    "request.actor-token": _("Actor token not supported"),
    "request.actor-token-pair": _("Actor token and its type do not come together"),
    "request.host": _("Another host was called"),
    "request.malformed": _("Request malformed"),
    "request.media-type": _("Request is not a form"),
    "request.missing-parameter": _("Parameter missing"),
    "request.not-https": _("Request came without https"),
    "request.query": _("Parameters in the address"),
    "request.repeated": _("Parameter repeated"),
    "request.too-large": _("Request too large"),
    "request.unsupported": _("Parameter not supported"),
    "scope.malformed": _("Scope malformed"),
    "scope.needs-role": _("Scope needs a role"),
    "scope.not-allowed": _("Scope not allowed"),
    "signature.invalid": _("Signature not valid"),
    "signature.keys-unavailable": _("Keys of the issuer could not be fetched"),
    "signature.no-usable-key": _("Issuer has no usable key"),
    "signature.unknown-key": _("Signed with an unknown key"),
    "subject.actor": _("Token names an actor"),
    "subject.key-bound": _("Token is bound to a key"),
    "subject.malformed": _("Subject malformed"),
    "subject.may-act": _("Token limits who may act"),
    "subject.missing": _("Token has no subject"),
    "target.malformed": _("Target malformed"),
    "target.not-allowed": _("Target not allowed"),
    "time.expired": _("Token expired"),
    "time.issued-in-future": _("Token issued in the future"),
    "time.malformed": _("A time in the token is malformed"),
    "time.no-expiry": _("Token never expires"),
    "time.not-yet-valid": _("Token not valid yet"),
    "time.too-old": _("Token too old"),
    "token-type.contradiction": _("Token is not of the type it is said to be"),
    "token-type.requested-unsupported": _("Requested token type not supported"),
    "token-type.subject-unsupported": _("Type of subject token not supported"),
}


def in_words(reason: str) -> Text:
    """Return a reason as people say it; what has no reason failed on our side."""
    check = reason.partition(".")[0]
    return REASONS.get(reason) or BY_CHECK.get(check) or _("Failed on the side of this server")
