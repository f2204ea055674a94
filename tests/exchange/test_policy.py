"""The decision table is total, and says what the design says (exchange.md 3)."""

from itertools import product

from idp.exchange.policy import OUTCOMES, Match, Outcome, Preference, preference


def test_every_case_is_decided():
    consulted = set(Match) - {Match.NOT_CONSULTED}
    local = {Preference.PREFER_LOCAL, Preference.MANDATE_LOCAL}

    assert set(OUTCOMES) == {
        (Preference.FEDERATED, Match.NOT_CONSULTED),
        *product(local, consulted),
    }


def test_mandating_never_falls_back_to_the_federated_identity():
    mandated = {outcome for (wish, _match), outcome in OUTCOMES.items() if wish == "mandate-local"}

    assert Outcome.FEDERATED not in mandated


def test_an_unusable_account_is_refused_whatever_the_application_wants():
    unusable = {Match.LINKED_UNUSABLE, Match.FOUND_UNUSABLE}

    outcomes = {outcome for (_wish, match), outcome in OUTCOMES.items() if match in unusable}

    assert outcomes == {Outcome.REFUSED}


def test_the_owners_word_is_never_gone_around():
    said_no = {Match.LINK_PAUSED, Match.LINK_EXPIRED, Match.LINK_LIMITED}

    outcomes = {outcome for (_wish, match), outcome in OUTCOMES.items() if match in said_no}

    assert outcomes == {Outcome.REFUSED}


def test_the_two_switches_make_three_wishes():
    assert preference(prioritize=False, mandate=False) == Preference.FEDERATED
    assert preference(prioritize=True, mandate=False) == Preference.PREFER_LOCAL
    assert preference(prioritize=True, mandate=True) == Preference.MANDATE_LOCAL
