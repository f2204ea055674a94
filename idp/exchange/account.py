"""Whom the token is for: consult links and accounts as the policy table demands, write nothing."""

from dataclasses import dataclass
from datetime import UTC, datetime

from accounts import linking
from accounts.models import FederatedLink, User
from applications.models import Application
from connections.lookup import LookupAttribute
from connections.models import Connection
from connections.verification import VerifiedClaims
from idp.errors import InvalidRequest
from idp.exchange.policy import OUTCOMES, Match, Outcome, Preference, preference
from idp.links.objection import objection

# One sentence for no link, several matches and a disabled account: the client may not learn which.
NO_ACCOUNT = "No token can be issued for the subject of this subject_token."

WANTED = {
    Match.LINK_PAUSED: "a link that its owner has not paused",
    Match.LINK_EXPIRED: "a link whose owner lets it be used today",
    Match.LINK_LIMITED: "a link whose owner lets this application use it",
}


@dataclass(frozen=True, slots=True)
class Identity:
    """
    Whom the token is for.

    `matched_by` is set where a link is still to be written; where nobody was found, to the
    attribute that was asked last.
    """

    outcome: Outcome
    user: User | None = None
    link: FederatedLink | None = None
    matched_by: LookupAttribute | None = None


NOBODY = Identity(Outcome.REFUSED)


def resolve_account(
    connection: Connection, claims: VerifiedClaims, application: Application, *, now: float
) -> Identity:
    """
    Return whom the token is for. `now` is seconds since the epoch.

    :raises InvalidRequest: with one and the same sentence for every cause
    """
    wish = preference(prioritize=application.prioritize_local, mandate=application.mandate_local)
    match, identity, detail = consult(connection, claims, wish, application, now=now)
    outcome = OUTCOMES[wish, match]
    if outcome == Outcome.REFUSED:
        looked_up = f"{identity.matched_by}: " if identity.matched_by else ""
        raise InvalidRequest(
            NO_ACCOUNT,
            reason=f"account.{match}",
            found=f"{looked_up}{detail or match}",
            wanted=WANTED.get(match, "a linked local account that is enabled"),
        )
    if outcome == Outcome.FEDERATED:
        return Identity(outcome)
    return Identity(outcome, identity.user, identity.link, identity.matched_by)


def consult(
    connection: Connection,
    claims: VerifiedClaims,
    wish: Preference,
    application: Application | None,
    *,
    now: float,
) -> tuple[Match, Identity, str]:
    """
    Return the row of the table, the account it speaks of, and a detail for the record.

    Writes nothing, as the console's preview of who would match relies on; that has no application.
    """
    if wish == Preference.FEDERATED:
        return Match.NOT_CONSULTED, NOBODY, ""
    if link := linking.find_link(connection, str(claims["sub"])):
        match = _match_of_link(link, application, datetime.fromtimestamp(now, UTC))
        return match, Identity(Outcome.LOCAL, link.user, link), ""
    if not connection.implicit_linking:
        return Match.UNLINKED, NOBODY, ""
    found = linking.find_account(connection, claims)
    if found.user is None:
        nobody = Identity(Outcome.REFUSED, matched_by=found.attribute)
        return Match.NOT_FOUND, nobody, found.detail or ""
    match = Match.FOUND if found.user.is_usable else Match.FOUND_UNUSABLE
    return match, Identity(Outcome.LINK_AND_LOCAL, found.user, None, found.attribute), ""


def _match_of_link(link: FederatedLink, application: Application | None, now: datetime) -> Match:
    if not link.user.is_usable:
        return Match.LINKED_UNUSABLE
    return Match(objection(link, application, now) or Match.LINKED)
