"""What is remembered of an attempt, and that a crash leaves neither half (exchange.md 5)."""

import pytest

from idp.exchange import commit, grant, record
from idp.models import AccessToken, ExchangeRecord, RefreshToken, TokenFamily
from tests import keys
from tests.fixtures import TARGET, change


class Crash(Exception):
    """Something nobody thought of."""


def crash(*args, **kwargs):
    """Fail as nobody thought of."""
    raise Crash


def test_a_grant_is_recorded_with_what_was_proved(exchange, application, connection, alice):
    change(application, prioritize_local=True)

    exchange(audience=TARGET, scope="orders.read")

    (kept,) = ExchangeRecord.objects.all()
    assert (kept.outcome, kept.error, kept.reason) == ("granted", "", "")
    assert (kept.application, kept.connection, kept.user) == (application, connection, alice)
    assert (kept.subject, kept.identity) == (keys.SUBJECT, "linked")
    assert (kept.audience, kept.scope) == (TARGET, "orders.read")
    assert kept.remote_address == "127.0.0.1"
    assert kept.jti


def test_a_refusal_is_recorded_with_what_was_found_and_wanted(exchange, connection):
    exchange(subject_token=keys.sign(aud="https://other.example"))

    (kept,) = ExchangeRecord.objects.all()
    assert (kept.outcome, kept.error, kept.reason) == (
        "refused",
        "invalid_request",
        "audience.not-us",
    )
    assert "https://other.example" in kept.found
    assert "https://id.ours.example" in kept.wanted
    assert kept.connection == connection
    assert kept.subject == ""  # nothing that was not proved


def test_a_wrong_secret_is_recorded_under_the_name_it_was_used_for(exchange):
    exchange(auth=("orders", "wrong"))

    (kept,) = ExchangeRecord.objects.all()
    assert (kept.error, kept.reason) == ("invalid_client", "client.not-authenticated")
    assert (kept.found, kept.application) == ("orders", None)


def test_a_token_is_kept_as_its_digest_only(exchange):
    token = keys.sign()

    answer = exchange(subject_token=token).json()

    kept = repr(ExchangeRecord.objects.values().get()) + repr(AccessToken.objects.values().get())
    assert len(ExchangeRecord.objects.get().subject_token_digest) == 64
    assert token not in kept
    assert answer["access_token"] not in kept


def test_texts_from_strangers_are_cut_and_cleaned(exchange):  # AT-130
    exchange(auth=("a\r\nb\x1b[31m" + "c" * 1000, "x"), scope="s\nt", audience="\u202e" * 900)

    (kept,) = ExchangeRecord.objects.all()
    assert all(text.isprintable() for text in (kept.client_id, kept.found, kept.scope))
    assert len(kept.found) <= 300
    assert len(kept.audience) <= 500


def test_clean_leaves_ordinary_text_alone():
    assert record.clean("Zoë 例", 10) == "Zoë 例"
    assert record.clean("abc", 2) == "ab"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("place", ["refresh_token", "access_token", "record"])
def test_a_crash_while_writing_leaves_no_token_and_a_record_that_says_so(
    exchange, application, monkeypatch, place
):
    change(application, grant_types=application.grant_types | {"refresh_token"})
    if place == "refresh_token":
        monkeypatch.setattr(commit.refresh, "issue_refresh_token", crash)
    elif place == "access_token":
        monkeypatch.setattr(commit, "keep", crash)
    else:
        monkeypatch.setattr(commit, "success", crash)

    response = exchange()

    assert response.status_code == 500
    assert response.json()["error"] == "server_error"
    assert not AccessToken.objects.exists()
    assert not RefreshToken.objects.exists()
    assert not TokenFamily.objects.exists()
    assert ExchangeRecord.objects.get().outcome == "failed"


@pytest.mark.django_db(transaction=True)
def test_a_record_that_cannot_be_written_takes_its_token_along(exchange, monkeypatch):
    monkeypatch.setattr(commit, "insert", crash)

    assert exchange().status_code == 500

    assert not AccessToken.objects.exists()
    assert ExchangeRecord.objects.get().outcome == "failed"


def test_a_crash_in_the_decision_is_not_recorded_as_a_grant(exchange, monkeypatch):
    monkeypatch.setattr(grant, "decide", crash)

    response = exchange()

    assert response.status_code == 500
    assert "Crash" not in response.content.decode()
    assert ExchangeRecord.objects.get().outcome == "failed"


def test_decide_only_reads(exchange, application, alice, monkeypatch):
    """Whatever a refusal at the very end leaves behind, `decide` did not write it."""
    from django.db import connection as database
    from django.test.utils import CaptureQueriesContext

    change(application, prioritize_local=True)
    monkeypatch.setattr(grant, "commit", crash)

    with CaptureQueriesContext(database) as queries:
        exchange()

    statements = {query["sql"].split()[0] for query in queries.captured_queries[:-1]}
    assert statements <= {"SELECT", "SAVEPOINT", "RELEASE"}
