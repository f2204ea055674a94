"""What the page of an attempt says of the answer, and of what to change."""

import json
from urllib.parse import urlsplit

import pytest
from django.utils import timezone

from accounts.models import FederatedLink
from connections.models import KeySet
from idp.console.exchanges.answer import answer
from idp.exchange import grant
from idp.models import ExchangeRecord
from tests import hostile_names, keys
from tests.fixtures import change


def page_of(console, response) -> str:
    """Return the page that the error_uri of a refusal leads to."""
    return console.get(urlsplit(response.json()["error_uri"]).path).content.decode()


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"subject_token": "x"}, 400),
        ({"auth": ("orders", "wrong")}, 401),
        ({"scope": "of.others"}, 400),
        ({"audience": "https://elsewhere.example"}, 400),
    ],
)
def test_shows_what_the_client_was_told_to_the_letter(console, exchange, changes, status):
    response = exchange(**changes)

    told = answer(ExchangeRecord.objects.get())

    assert told.status == response.status_code == status
    assert json.loads(told.body) == response.json()
    assert f"HTTP {status}" in page_of(console, response)


def test_shows_the_answer_to_too_many_failures(console, exchange, settings):
    settings.CLIENT_FAILURES = 1
    exchange(auth=("orders", "wrong"))
    response = exchange(auth=("orders", "wrong"))

    told = answer(ExchangeRecord.objects.get(reason="client.too-many-failures"))

    assert told.status == response.status_code == 429
    assert json.loads(told.body) == response.json()


def test_shows_the_answer_where_keys_are_out_of_reach(exchange, connection):
    change(connection, key_source="jwks", jwks_uri="https://login.acme.example/jwks.json")
    now = timezone.now()
    KeySet.objects.create(
        owner=connection, jwks_uri=connection.jwks_uri, attempted_at=now, finished_at=now,
        failure="The issuer did not answer.",
    )  # fmt: skip
    response = exchange()

    told = answer(ExchangeRecord.objects.get())

    assert told.status == response.status_code == 503
    assert json.loads(told.body) == response.json()


def test_an_attempt_that_broke_off_is_not_said_to_have_passed_any_check(
    console, exchange, monkeypatch
):
    monkeypatch.setattr(grant, "decide", lambda *_, **__: 1 / 0)
    response = exchange()
    record = ExchangeRecord.objects.get()

    page = console.get(f"/console/exchanges/{record.pk}/").content.decode()

    told = answer(record)
    assert told.status == response.status_code == 500
    assert json.loads(told.body) == response.json()
    assert "ui-step-passed" not in page


def test_the_sentence_names_who_tried_what(console, exchange):
    page = page_of(console, exchange(subject_token=keys.sign(aud="https://elsewhere.example")))

    text = " ".join(page.split())
    assert "<h1>Audience not accepted</h1>" in text
    assert "<bdi>Orders</bdi> tried to exchange a token from <bdi>Acme Workforce</bdi>" in text


def test_names_of_things_lead_to_their_pages(console, exchange, application, connection, alice):
    change(application, prioritize_local=True)
    exchange()
    record = ExchangeRecord.objects.get()

    page = console.get(f"/console/exchanges/{record.pk}/").content.decode()

    assert f'<a href="/console/applications/{application.pk}/"><bdi>Orders</bdi></a>' in page
    assert f'<a href="/console/connections/{connection.pk}/"><bdi>Acme Workforce</bdi></a>' in page
    assert f'<a href="/console/users/{alice.public_id}/"><bdi>alice</bdi></a>' in page


@pytest.mark.parametrize(
    ("reason", "where"),
    [
        ("audience.not-us", "connections/{connection}/"),
        ("algorithm.not-accepted", "connections/{connection}/advanced/"),
        ("time.expired", "connections/{connection}/advanced/"),
        ("replay.used-before", "connections/{connection}/advanced/"),
        ("signature.invalid", "connections/{connection}/keys/"),
        ("signature.keys-unavailable", "connections/{connection}/keys/"),
        ("grant.not-allowed", "applications/{application}/protocol/"),
        ("client.not-authenticated", "applications/{application}/protocol/"),
        ("connection.not-allowed", "applications/{application}/exchange/"),
        ("target.not-allowed", "applications/{application}/exchange/"),
        ("scope.not-allowed", "applications/{application}/exchange/"),
        ("account.unlinked", "applications/{application}/attributes/"),
        ("issuer.unknown", "connections/setup/"),
    ],
)
def test_what_to_change_has_a_link(console, application, connection, reason, where):
    record = ExchangeRecord.objects.create(
        outcome="refused", reason=reason, application=application, connection=connection
    )

    page = console.get(f"/console/exchanges/{record.pk}/").content.decode()

    remedy = page.partition("What to do")[2].partition("</li>")[0]
    place = where.format(connection=connection.pk, application=application.pk)
    assert f'href="/console/{place}"' in remedy


def test_a_wrong_secret_leads_to_the_application_that_was_claimed(console, exchange, application):
    page = page_of(console, exchange(auth=("orders", "wrong")))

    assert f'href="/console/applications/{application.pk}/protocol/"' in page


def test_a_disabled_connection_is_found_by_its_issuer(console, exchange, connection):
    change(connection, enabled=False)

    page = page_of(console, exchange())

    assert f'href="/console/connections/{connection.pk}/"' in page


def test_a_disabled_account_is_found_by_its_link(console, exchange, application, alice):
    change(application, prioritize_local=True)
    change(alice, is_active=False)

    page = page_of(console, exchange())

    assert FederatedLink.objects.count() == 1
    assert f'href="/console/users/{alice.public_id}/"' in page


def test_a_thing_that_was_deleted_meanwhile_has_no_link(console, exchange, application, connection):
    response = exchange(subject_token=keys.sign(aud="https://elsewhere.example"))
    application.delete()
    connection.delete()

    page = page_of(console, response)

    main = page.partition("<main")[2]
    assert "/console/applications/" not in main
    assert "/console/connections/" not in main


@pytest.mark.parametrize("text", hostile_names.TEXTS)
def test_strangers_texts_do_nothing(console, text):
    """AT-129."""
    record = ExchangeRecord.objects.create(
        outcome="refused", reason="audience.not-us", found=text, wanted=text, subject=text,
        issuer=text, client_id=text, audience=text, scope=text, description=text,
    )  # fmt: skip

    page = console.get(f"/console/exchanges/{record.pk}/").content.decode()

    hostile_names.assert_harmless(page, text)


def test_a_person_without_account_is_told_of_the_mandate(console, exchange, application):
    change(application, prioritize_local=True, mandate_local=True)

    page = page_of(console, exchange())

    assert "No account is linked" in page
    assert "switch off “Mandate linked local account”" in page
    assert "Check the account’s state" not in page
