"""
Whom a token is issued for, as a table (rows 1 to 12 of docs/linked-accounts.md).

A test proves it total: every case has an outcome, and no case stands twice.
"""

from enum import StrEnum


class Preference(StrEnum):
    """What the application wants: its switches "prioritize" and "mandate"."""

    FEDERATED = "federated"
    PREFER_LOCAL = "prefer-local"
    MANDATE_LOCAL = "mandate-local"


class Match(StrEnum):
    """What is known of a local account for the subject."""

    NOT_CONSULTED = "not-consulted"
    LINKED = "linked"
    LINKED_UNUSABLE = "linked-unusable"
    LINK_PAUSED = "link-paused"
    LINK_EXPIRED = "link-expired"
    LINK_LIMITED = "link-limited"
    UNLINKED = "unlinked"
    FOUND = "found"
    FOUND_UNUSABLE = "found-unusable"
    NOT_FOUND = "not-found"


class Outcome(StrEnum):
    """Whom the token is for."""

    FEDERATED = "federated"
    LOCAL = "linked"
    LINK_AND_LOCAL = "new-link"
    REFUSED = ""


# fmt: off
OUTCOMES = {
    (Preference.FEDERATED,     Match.NOT_CONSULTED):   Outcome.FEDERATED,       # 1

    (Preference.PREFER_LOCAL,  Match.LINKED):          Outcome.LOCAL,           # 2
    (Preference.PREFER_LOCAL,  Match.LINKED_UNUSABLE): Outcome.REFUSED,         # 3
    # The owner said no: the outside identity, without the account, would be a way around it.
    (Preference.PREFER_LOCAL,  Match.LINK_PAUSED):     Outcome.REFUSED,         # 10
    (Preference.PREFER_LOCAL,  Match.LINK_EXPIRED):    Outcome.REFUSED,         # 11
    (Preference.PREFER_LOCAL,  Match.LINK_LIMITED):    Outcome.REFUSED,         # 12
    (Preference.PREFER_LOCAL,  Match.UNLINKED):        Outcome.FEDERATED,       # 4
    (Preference.PREFER_LOCAL,  Match.FOUND):           Outcome.LINK_AND_LOCAL,  # 6
    (Preference.PREFER_LOCAL,  Match.FOUND_UNUSABLE):  Outcome.REFUSED,         # 7
    (Preference.PREFER_LOCAL,  Match.NOT_FOUND):       Outcome.FEDERATED,       # 8

    (Preference.MANDATE_LOCAL, Match.LINKED):          Outcome.LOCAL,           # 2
    (Preference.MANDATE_LOCAL, Match.LINKED_UNUSABLE): Outcome.REFUSED,         # 3
    (Preference.MANDATE_LOCAL, Match.LINK_PAUSED):     Outcome.REFUSED,         # 10
    (Preference.MANDATE_LOCAL, Match.LINK_EXPIRED):    Outcome.REFUSED,         # 11
    (Preference.MANDATE_LOCAL, Match.LINK_LIMITED):    Outcome.REFUSED,         # 12
    (Preference.MANDATE_LOCAL, Match.UNLINKED):        Outcome.REFUSED,         # 5
    (Preference.MANDATE_LOCAL, Match.FOUND):           Outcome.LINK_AND_LOCAL,  # 6
    (Preference.MANDATE_LOCAL, Match.FOUND_UNUSABLE):  Outcome.REFUSED,         # 7
    (Preference.MANDATE_LOCAL, Match.NOT_FOUND):       Outcome.REFUSED,         # 9
}
# fmt: on


def preference(*, prioritize: bool, mandate: bool) -> Preference:
    """Return what an application's two switches say together."""
    if mandate:
        return Preference.MANDATE_LOCAL
    return Preference.PREFER_LOCAL if prioritize else Preference.FEDERATED
