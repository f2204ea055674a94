"""Every check of an attempt says what it found and wanted, as things were at that moment."""

import re

import pytest

from connections.excerpt import excerpt
from idp.console.exchanges.checks import State, steps
from idp.console.exchanges.evidence import EVIDENCE
from idp.exchange.pipeline import CHECKS
from idp.models import ExchangeRecord
from tests import hostile_names, keys
from tests.fixtures import change

SAYS_WHAT_IT_WANTED = {"client", "grant", "issuer", "connection", "algorithm", "signature", "time",
                       "audience", "account", "target", "scope", "replay"}  # fmt: skip
OURS = "https://id.ours.example"


@pytest.fixture
def said(exchange):
    """Return a function that exchanges, and returns what each check then says, by its name."""

    def look(**changes):
        exchange(**changes)
        return dict(zip(CHECKS, steps(ExchangeRecord.objects.latest("at")), strict=True))

    return look


def test_there_is_evidence_for_every_check_and_no_other():
    assert list(EVIDENCE) == list(CHECKS)


def test_every_check_of_a_grant_says_what_it_found_and_wanted(said, application):
    change(application, scopes={"read"}, audiences={"https://api.example"})
    told = said(scope="read", audience="https://api.example", subject_token=keys.sign(jti="one"))

    assert all(str(step.found) for step in told.values())
    assert {name for name, step in told.items() if str(step.wanted)} >= SAYS_WHAT_IT_WANTED
    assert told["algorithm"].found == "RS256"
    assert keys.kid("RS256") in told["signature"].found
    assert told["audience"].found == told["audience"].wanted == OURS
    assert re.fullmatch(r".*exp \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC", told["time"].found)
    assert told["replay"].found == "one"


def test_a_refusal_shows_its_own_words_and_nothing_after_it(said):
    told = said(subject_token=keys.sign(aud="https://other.example"))

    assert told["audience"].state == State.REFUSED
    assert (told["audience"].found, told["audience"].wanted) == ("https://other.example", OURS)
    assert told["account"].state == State.NOT_REACHED
    assert told["account"].found == told["account"].wanted == ""


def test_what_is_allowed_today_says_nothing_about_then(said, connection, application):
    said()
    change(connection, algorithms={"ES256"}, clock_skew=299, alias="api://new")
    change(application, scopes={"new"})

    told = dict(zip(CHECKS, steps(ExchangeRecord.objects.get()), strict=True))

    assert "RS256" in told["algorithm"].wanted
    assert "299" not in told["time"].wanted
    assert told["audience"].wanted == OURS
    assert "new" not in told["scope"].wanted


def test_a_record_from_before_has_less_to_tell(said):
    said()
    record = ExchangeRecord.objects.get()
    record.evidence = {}

    assert [step.state for step in steps(record)] == [State.PASSED] * len(CHECKS)


@pytest.mark.parametrize("text", hostile_names.TEXTS)
def test_what_a_token_says_of_itself_does_nothing(console, exchange, text):
    """AT-129."""
    exchange(subject_token=keys.sign(header={"kid": text}, jti=text))
    record = ExchangeRecord.objects.get()

    page = console.get(f"/console/exchanges/{record.pk}/").content.decode()

    hostile_names.assert_harmless(page, excerpt(text))


@pytest.mark.parametrize("exp", [10**40, 1e308, -1, "soon", None, [1]])
def test_a_time_that_is_none_stands_as_it_was(console, exchange, exp):
    exchange(subject_token=keys.sign(exp=exp))
    record = ExchangeRecord.objects.get()

    assert console.get(f"/console/exchanges/{record.pk}/").status_code == 200
