"""
Which local account a pasted token would lead to, with settings that are not saved yet.

The token goes through the code of an exchange as far as that only reads. It is linked to nobody,
not used up where it is for one use, and neither kept nor logged.
"""

import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.linking import Why
from accounts.models import User
from connections import jws, trust, verification
from connections.lookup import RULES, LookupAttribute, Voucher, voucher
from connections.models import LOOKUP_CHOICES, Connection
from connections.refusal import KeysUnavailable, TokenRefused
from connections.verification import VerifiedClaims
from idp import limits
from idp.console.access import administrators_only
from idp.console.connections.advanced import TEMPLATE, AdvancedForm, context
from idp.console.editing import INVALID
from idp.console.exchanges.checks import ADVICE
from idp.errors import OAuthError
from idp.exchange import token_types
from idp.exchange.account import consult
from idp.exchange.commit import token_id
from idp.exchange.pipeline import keys_unavailable
from idp.exchange.policy import Match, Preference

LABELS = dict(LOOKUP_CHOICES)
VOUCHERS = {
    Voucher.NOBODY: _("nobody vouches for it"),
    Voucher.TOKEN: _("verified, says the token"),
    Voucher.ADMINISTRATOR: _("verified, by your confirmation"),
}
NOBODY = {
    Why.NO_ATTRIBUTE: _("No lookup attribute is chosen."),
    Why.NO_VALUE: _("The claim is missing, or nobody vouches for it."),
    Why.SEVERAL: _("Several accounts match, so none is chosen."),
    Why.NO_ACCOUNT: _("No account has this value as a verified one."),
    Why.REMOVED: _("The owner of the account removed this link: it is not made again."),
    Why.OTHER_SUBJECT: _(
        "The account is linked to another subject of this issuer: the value was probably given "
        "to somebody else."
    ),
}


@dataclass(frozen=True, slots=True)
class Lookup:
    """An attribute of the token by which an account is looked for, and who vouches for it."""

    label: str | Promise
    claim: str
    value: str
    vouched: str | Promise
    counts: bool


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why an exchange would refuse the token, and what to do."""

    description: str
    reason: str
    found: str
    wanted: str
    advice: str | Promise


@dataclass(frozen=True, slots=True)
class Preview:
    """What an exchange would make of the token."""

    refusal: Refusal | None = None
    claims: Sequence[tuple[str, str]] = ()
    lookups: Sequence[Lookup] = ()
    match: str = ""
    user: User | None = None
    attribute: str | Promise = ""
    why: str | Promise = ""
    is_spent: bool = False
    too_often: str = ""


@administrators_only
def match(request: HttpRequest, pk: int) -> HttpResponse:
    """Say whom a pasted token would match; what is typed in the form counts, saved or not."""
    if request.method != "POST":
        return redirect("connection-advanced", pk)
    connection = get_object_or_404(Connection.objects.select_related("key_set"), pk=pk)
    form = AdvancedForm(request.POST, instance=connection)
    text = request.POST.get("pasted_token", "").strip()
    preview = None
    if form.is_valid() and form.serializer and text:
        preview = _limited_preview(request, text, form.serializer.candidate)
    status = 200 if preview else INVALID
    shown = {"form": form, "preview": preview, "pasted": text, "is_asked": True}
    if request.htmx:
        shown["object"] = connection
        return render(request, "console/connections/_match.html", shown, status=status)
    row = Connection.objects.get(pk=pk)
    shown |= {"object": row, "version": request.POST.get("version", ""), **context(row, form)}
    return render(request, TEMPLATE, shown, status=status)


def _limited_preview(request: HttpRequest, text: str, connection: Connection) -> Preview:
    """Return the preview, unless the tools were used too often: it may fetch keys."""
    try:
        limits.spend(request.user)
    except limits.TooOften as problem:
        return Preview(too_often=str(problem))
    return preview_of(text, connection, now=time.time())


def preview_of(text: str, connection: Connection, *, now: float) -> Preview:
    """Return what an exchange would make of the token; reads, and writes nothing."""
    try:
        claims = _verified(text, connection, now)
    except (TokenRefused, OAuthError) as refused:
        return Preview(_refusal(refused))
    except KeysUnavailable as problem:
        return Preview(_refusal(keys_unavailable(problem)))
    case, identity, detail = consult(connection, claims, Preference.PREFER_LOCAL, None, now=now)
    is_looked_up = case in (Match.FOUND, Match.FOUND_UNUSABLE, Match.NOT_FOUND)
    return Preview(
        claims=list(_shown(claims)),
        lookups=list(_lookups(connection, claims)) if is_looked_up else (),
        match=case,
        user=identity.user,
        attribute=LABELS[identity.matched_by] if identity.matched_by else "",
        why=NOBODY[Why(detail)] if detail else "",
        is_spent=_is_spent(text, connection, claims),
    )


def _verified(text: str, connection: Connection, now: float) -> VerifiedClaims:
    token = jws.parse(text, parameter="token")
    token_types.check_typ(token_types.JWT, token.header)
    # First of all: a token of somebody else must not make us ask this issuer for keys.
    verification.check_issuer(token, trust.trusted_issuer(connection))
    return trust.verify(token, connection, now=now)


def _refusal(refused: TokenRefused | OAuthError) -> Refusal:
    advice = ADVICE.get(refused.reason.partition(".")[0], "")
    return Refusal(refused.description, refused.reason, refused.found, refused.wanted, advice)


def _is_spent(text: str, connection: Connection, claims: VerifiedClaims) -> bool:
    if not connection.one_time_tokens:
        return False
    return connection.spent_tokens.filter(token_id=token_id(claims, text)).exists()


def _shown(claims: VerifiedClaims) -> Iterator[tuple[str, str]]:
    """Yield the claims that say whose token it is, and those that lookups read."""
    names = ["iss", "sub", "aud"]
    for rule in RULES.values():
        names += [*rule.claims, *filter(None, [rule.verified_claim])]
    for name in names:
        if name in claims:
            yield name, _written(claims[name])


def _lookups(connection: Connection, claims: VerifiedClaims) -> Iterator[Lookup]:
    for name in filter(None, (connection.primary_lookup, connection.secondary_lookup)):
        attribute = LookupAttribute(name)
        candidates = RULES[attribute].claims
        claim = next((each for each in candidates if each in claims), candidates[0])
        says = voucher(attribute, claims, connection.issuer_verifies)
        yield Lookup(
            LABELS[attribute],
            claim,
            _written(claims[claim]) if claim in claims else "",
            VOUCHERS[says],
            says != Voucher.NOBODY,
        )


def _written(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
