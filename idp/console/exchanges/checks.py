"""The checks of an exchange in words: what each one looks at, and what to do when it refuses."""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from idp.console.exchanges.evidence import EVIDENCE
from idp.exchange.pipeline import CHECKS
from idp.models import ExchangeRecord

type Text = str | Promise

LABELS: dict[str, Text] = {
    "client": _("Client authenticated"),
    "grant": _("Grant allowed for the application"),
    "request": _("Request complete"),
    "token-type": _("Token types supported and true"),
    "format": _("Subject token parsed"),
    "issuer": _("Issuer trusted"),
    "connection": _("Connection allowed for the application"),
    "algorithm": _("Algorithm accepted"),
    "signature": _("Signature verified"),
    "time": _("Valid at this time"),
    "subject": _("Subject named"),
    "audience": _("Meant for this server"),
    "account": _("Account resolved"),
    "target": _("Targets allowed"),
    "scope": _("Scopes allowed"),
    "replay": _("Not used before"),
}

ADVICE: dict[str, Text] = {
    "client": _("Compare the client ID, the secret and the method with the application’s."),
    "grant": _("Allow the Token Exchange grant for the application."),
    "request": _("Correct the request in the application that sends it."),
    "token-type": _("Declare the token as what it is: the subject_token_type must fit its typ."),
    "format": _("Send the token exactly as its issuer gave it, without quotes or line breaks."),
    "issuer": _("Compare the token’s issuer with the connection’s, character for character."),
    "connection": _("Select the connection in the application’s token exchange settings."),
    "algorithm": _("Let the issuer sign with an accepted algorithm, or accept this one."),
    "signature": _("Check that the connection has the key the issuer signs with today."),
    "time": _("Fetch a fresh token; if it is fresh, compare the clocks of both servers."),
    "subject": _("Ask the issuer for tokens that name their subject."),
    "audience": _("Request the token for this server, or set the connection’s alias."),
    "account": _("Check the account’s state, and whether the owner has linked it."),
    "target": _("Ask for a target the application may have, or allow this one."),
    "scope": _("Ask for scopes the application may have, or allow these."),
    "replay": _("Fetch a new token for each exchange: this issuer’s tokens are for one use."),
}

NEEDS_LINK = _(
    "The application takes only people with a linked local account. Let the person link one, or"
    " switch off “Mandate linked local account”."
)

OWNERS_WORD = _(
    "Only the owner of the account can change this, on their page of linked accounts. Ask them; no"
    " administrator can."
)

ADVICE_OF_REASON: dict[str, Text] = {
    "account.link-expired": OWNERS_WORD,
    "account.link-limited": OWNERS_WORD,
    "account.link-paused": OWNERS_WORD,
    "account.not-found": NEEDS_LINK,
    "account.unlinked": NEEDS_LINK,
    "scope.needs-role": _(
        "Give the account a role with this scope, or ask for less. Outside identities, and"
        " applications by themselves, have no roles."
    ),
}


class State(StrEnum):
    """How a check went."""

    PASSED = "passed"
    REFUSED = "refused"
    NOT_REACHED = "not-reached"


@dataclass(frozen=True, slots=True)
class Step:
    """A check as the page shows it: what it found, and what it held that against."""

    label: Text
    state: State
    advice: Text = ""
    found: Text = ""
    wanted: Text = ""


def steps(record: ExchangeRecord) -> list[Step]:
    """Return every check in order, and how it went in this attempt."""
    reached = _reached(record)
    return [_step(name, position, reached, record) for position, name in enumerate(CHECKS)]


def _reached(record: ExchangeRecord) -> int:
    """Return the place of the check that refused; past the last where none did; -1 not known."""
    if record.outcome == ExchangeRecord.Outcome.GRANTED:
        return len(CHECKS)
    check = record.reason.partition(".")[0]
    return CHECKS.index(check) if check in CHECKS else -1


def _step(name: str, position: int, reached: int, record: ExchangeRecord) -> Step:
    if position > reached:
        return Step(LABELS[name], State.NOT_REACHED)
    found, wanted = EVIDENCE[name](record)
    if position < reached:
        return Step(LABELS[name], State.PASSED, found=found, wanted=wanted)
    advice = ADVICE_OF_REASON.get(record.reason, ADVICE[name])
    found, wanted = record.found or found, record.wanted or wanted
    return Step(LABELS[name], State.REFUSED, advice, found, wanted)
