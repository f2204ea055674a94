"""
What the next token of an application would say, before its settings are saved.

Built by the code that builds tokens, from the table that decides whom they are for. Nothing is
signed, kept or given to anybody.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.finding import described_by
from accounts.models import FederatedLink, User
from applications.attributes import PROFILE
from applications.models import Application
from idp.exchange.policy import OUTCOMES, Match, Outcome, Preference, preference
from idp.exchange.targets import audience_of
from idp.tokens import claims as token_claims

SHOWN_PEOPLE = 5
MAXIMUM_LENGTH = 100
FIRST = ("iss", "sub", "aud", "client_id")  # what one looks for

TITLES: dict[Match, str | Promise] = {
    Match.NOT_CONSULTED: gettext_lazy("For everybody"),
    Match.LINKED: gettext_lazy("With a linked account"),
    Match.LINKED_UNUSABLE: gettext_lazy("With a linked account"),
    Match.UNLINKED: gettext_lazy("Without a linked account"),
}


@dataclass(frozen=True, slots=True)
class Sample:
    """A token of somebody in some case; `text` is empty where the exchange is refused."""

    title: str | Promise
    text: str


def people_named(words: str) -> list[User]:
    """Return a few people whose username or e-mail address begins with the words; else linked."""
    words = words[:MAXIMUM_LENGTH].replace("\0", "").strip()
    if words:
        named = User.objects.filter(described_by(words))
        return list(named.order_by("username_key")[:SHOWN_PEOPLE])
    links = FederatedLink.objects.filter(user=OuterRef("pk"))
    people = _linked_and_others().annotate(is_linked=Exists(links))
    return list(people.order_by("-is_linked", "username_key")[:SHOWN_PEOPLE])


def _linked_and_others() -> QuerySet[User]:
    """Choose from those who were linked lately and the first of all, not from a million rows."""
    linked = FederatedLink.objects.order_by("-pk").values("user")[:SHOWN_PEOPLE]
    others = User.objects.order_by("username_key").values("pk")[:SHOWN_PEOPLE]
    return User.objects.filter(Q(pk__in=linked) | Q(pk__in=others))


def samples(application: Application, user: User | None, *, now: float) -> Sequence[Sample]:
    """Return what tokens for a person say: with a link to this account, and without any."""
    wish = preference(prioritize=application.prioritize_local, mandate=application.mandate_local)
    cases = [Match.NOT_CONSULTED] if wish == Preference.FEDERATED else [Match.UNLINKED]
    if user and wish != Preference.FEDERATED:
        cases.insert(0, Match.LINKED if user.is_usable else Match.LINKED_UNUSABLE)
    return [
        Sample(TITLES[case], _text(OUTCOMES[wish, case], application, user, now)) for case in cases
    ]


def _text(outcome: Outcome, application: Application, user: User | None, now: float) -> str:
    if outcome == Outcome.REFUSED:
        return ""
    # In the order of the page: a set has none.
    attributes = [name for name in PROFILE if name in application.attributes]
    if outcome == Outcome.FEDERATED or user is None:
        incoming = _incoming(attributes)
        identity = token_claims.federated_identity(incoming, str(incoming["iss"]), attributes)
    else:
        identity = token_claims.local_identity(user, attributes)
    claims = token_claims.access_token_claims(
        identity,
        application,
        audience=audience_of((), application),
        scopes=(),
        now=now,
        lifetime=application.access_token_lifetime,
    )
    ordered = {name: claims[name] for name in FIRST} | claims
    return json.dumps(ordered, indent=2, ensure_ascii=False)


def _incoming(attributes: Sequence[str]) -> Mapping[str, Any]:
    """Return a stand-in for the claims of an issuer's token: their values are not ours to know."""
    names = ["iss", "sub", *attributes]
    stand_in: dict[str, Any] = dict.fromkeys(names, _("(copied)"))
    flags = token_claims.BOOLEAN_ATTRIBUTES.intersection(attributes)
    return stand_in | dict.fromkeys(flags, True)
