"""From an outside identity to a local account: find the link, find the account, write the link."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db.models import Q

from accounts import epoch
from accounts.models import FederatedLink, RemovedLink, User
from accounts.names import canonical, e164, search_key
from connections.lookup import LookupAttribute, verified_value
from connections.models import Connection
from connections.prepared import Finder

# What only administrators and the owner look at stays where it is.
_by_identity = Finder(
    FederatedLink.objects.select_related("user").defer(
        *("origin", "matched_by", "created_at"),
        *("user__password", "user__last_login", "user__created_at"),
        *("user__username_key", "user__email_key"),
    ),
    *("connection", "subject"),
)


class Why(StrEnum):
    """Why nobody was found; recorded with an exchange as it stands here."""

    NO_ATTRIBUTE = "no lookup attribute is configured"
    NO_VALUE = "the claim is missing, or nobody vouches for it"
    SEVERAL = "several accounts match"
    NO_ACCOUNT = "no account matches"
    REMOVED = "the owner removed this link"
    OTHER_SUBJECT = "the account is linked to another subject of this issuer"


@dataclass(frozen=True, slots=True)
class Found:
    """The one account that an attribute led to, or none and why."""

    user: User | None
    attribute: LookupAttribute | None = None
    detail: Why | None = None


def find_link(connection: Connection, subject: str) -> FederatedLink | None:
    """Return the link of an outside identity, with its account."""
    return _by_identity.find(connection.pk, subject)


def find_account(connection: Connection, claims: Mapping[str, Any]) -> Found:
    """
    Find the one account that verified claims point at, by the connection's lookup attributes.

    The secondary attribute is asked only where the primary found nobody. Several by one attribute
    end the search: nobody is found.
    """
    found = Found(None, detail=Why.NO_ATTRIBUTE)
    for name in filter(None, (connection.primary_lookup, connection.secondary_lookup)):
        attribute = LookupAttribute(name)
        value = verified_value(attribute, claims, connection.issuer_verifies)
        if value is None:
            found = Found(None, attribute, Why.NO_VALUE)
            continue
        people = _people(attribute, value)
        if len(people) > 1:
            return Found(None, attribute, Why.SEVERAL)
        if people:
            return _unless_kept_apart(people[0], attribute, connection, str(claims["sub"]))
        found = Found(None, attribute, Why.NO_ACCOUNT)
    return found


def _people(attribute: LookupAttribute, value: str) -> list[User]:
    """Return the accounts that an attribute's value points at: at most two are read."""
    if attribute == LookupAttribute.MOBILE:
        number = e164(value)
        return list(User.objects.filter(mobile=number, mobile_verified=True)[:2]) if number else []
    people = list(User.objects.filter(_named(attribute, search_key(value)))[:2])
    # One candidate that only looks alike (`ß` for `ss`) is somebody else (AT-117).
    if len(people) == 1 and people[0].canonical_value(attribute) != canonical(value):
        return []
    return people


def _named(attribute: LookupAttribute, key: str) -> Q:
    if attribute == LookupAttribute.USERNAME:
        return Q(username_key=key)
    # An address its owner never verified matches nobody: anyone can type it (AT-114).
    return Q(email_key=key, email_verified=True)


def _unless_kept_apart(
    user: User, attribute: LookupAttribute, connection: Connection, subject: str
) -> Found:
    """Turn a match into none where a link must not be made automatically."""
    if RemovedLink.objects.filter(user=user, connection=connection, subject=subject).exists():
        return Found(None, attribute, Why.REMOVED)
    if FederatedLink.objects.filter(user=user, connection=connection).exists():
        return Found(None, attribute, Why.OTHER_SUBJECT)
    return Found(user, attribute)


def make_link(
    connection: Connection,
    subject: str,
    user: User,
    attribute: LookupAttribute,
    now: datetime,
    *,
    used_by: int,
) -> FederatedLink:
    """
    Write the link of an outside identity to the account it was matched with.

    Whoever was in the account before is out: they may not be who they said (AL-02).

    `used_by` is the primary key of the application whose exchange makes it.

    Call it inside a transaction. :raises IntegrityError: where the identity was linked meanwhile
    """
    epoch.begin(user)
    return FederatedLink.objects.create(
        connection=connection,
        subject=subject,
        user=user,
        origin=FederatedLink.Origin.IMPLICIT,
        matched_by=attribute,
        last_used_at=now,
        last_used_by=used_by,
    )
