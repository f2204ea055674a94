"""What an entry says: who, what, from where, and the values that changed."""

import uuid

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.db.transaction import TransactionManagementError

from idp import correlation
from idp.audit import Actor, describe, record, record_changes
from idp.models import AuditEvent, SigningKey
from tests import keys
from tests.audit.conftest import actions
from tests.fixtures import SECRET, change

SOMEBODY = Actor("alice", "an-id", "192.0.2.1")


def values(target, before: dict, after: dict) -> tuple[dict, dict]:
    """Return what the log keeps of a change, as it is read back."""
    event = record("test.changed", target, before=before, after=after, actor=SOMEBODY)
    event.refresh_from_db()
    return event.before, event.after


def test_an_entry_names_everything_and_keeps_only_what_changed(connection, monkeypatch):
    number = uuid.uuid4()
    monkeypatch.setattr("idp.audit.events.request_id", lambda: number)
    before = describe(connection)
    change(connection, enabled=False, clock_skew=5)

    record(
        "connection.disabled",
        connection,
        before=before,
        after=describe(connection),
        actor=SOMEBODY,
    )

    event = AuditEvent.objects.get()
    assert (event.actor_name, event.actor_id) == ("alice", "an-id")
    assert (event.remote_address, event.request_id) == ("192.0.2.1", str(number))
    assert (event.action, event.target_kind) == ("connection.disabled", "connection")
    assert (event.target_id, event.target_name) == (str(connection.pk), "Acme Workforce")
    assert event.before == {"enabled": True, "clock_skew": 30}
    assert event.after == {"enabled": False, "clock_skew": 5}


def test_outside_of_a_request_there_is_no_id(connection):
    assert correlation.request_id() is None
    assert record("a.b", connection, before={}, after={}, actor=SOMEBODY).request_id == ""


def test_values_within_values_go_by_their_path(application):
    before = describe(application)
    change(application, access_token_lifetime=60)

    assert values(application, before, describe(application)) == (
        {"access_token.lifetime": 900},
        {"access_token.lifetime": 60},
    )


def test_where_nothing_differs_there_is_no_entry(connection):
    described = describe(connection)

    assert record("a.b", connection, before=described, after=described, actor=SOMEBODY) is None
    assert not record_changes(connection, before=described, after=described, actor=SOMEBODY)
    assert not AuditEvent.objects.exists()


def test_an_act_without_values_is_an_entry(connection):
    assert record("connection.tried", connection, before={}, after={}, actor=SOMEBODY)


def test_what_is_new_has_no_before_and_what_is_gone_no_after(connection):
    assert values(connection, {}, {"name": "A"}) == ({}, {"name": "A"})
    assert values(connection, {"name": "A"}, {}) == ({"name": "A"}, {})


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("function", ["record", "record_changes"])
def test_an_entry_is_written_in_the_transaction_of_its_change(connection, function):
    changed = {"before": {}, "after": {"a": 1}, "actor": SOMEBODY}
    calls = {
        "record": lambda: record("a.b", connection, **changed),
        "record_changes": lambda: record_changes(connection, **changed),
    }

    with pytest.raises(TransactionManagementError, match="in the transaction"):
        calls[function]()

    assert not AuditEvent.objects.exists()
    with transaction.atomic():
        calls[function]()
        transaction.set_rollback(True)
    assert not AuditEvent.objects.exists()


@pytest.mark.parametrize(
    "path",
    ["client_secret", "password", "keys.private_key", "secret.value", "jwk.d", "jwks.0.k"],
)
def test_a_secret_is_only_called_changed(connection, path):
    assert values(connection, {path: "one"}, {path: "two"}) == (
        {path: "changed"},
        {path: "changed"},
    )


def test_a_secret_within_a_list_is_only_called_changed(connection):
    assert values(connection, {}, {"jwks": [{"kty": "OKP", "d": "private"}]}) == (
        {},
        {"jwks": [{"kty": "OKP", "d": "changed"}]},
    )


@pytest.mark.parametrize("place", ["text", "list"])
def test_a_pem_is_only_called_changed(connection, place):
    pem = "Bag attributes\n" + keys.certificate("RS256")
    kept = {"text": "changed", "list": ["changed"]}[place]

    assert values(connection, {}, {"it": pem if place == "text" else [pem]})[1] == {"it": kept}


def test_a_certificate_is_kept_by_subject_and_fingerprint(connection):
    (_, after) = values(connection, {}, describe(connection))

    listed = connection.certificates.values_list("subject", "fingerprint")
    assert [(each["subject"], each["fingerprint"]) for each in after["certificates"]] == [*listed]
    assert "BEGIN" not in str(after)


@pytest.mark.parametrize("length", [500, 501])
def test_a_text_is_kept_up_to_500_characters(connection, length):
    text = "x" * length

    _, after = values(connection, {}, {"text": text, "within": [text]})

    kept = text if length == 500 else "x" * 499 + "…"
    assert after == {"text": kept, "within": [kept]}


@pytest.mark.parametrize("length", [50, 51])
def test_a_list_is_kept_up_to_50_items(connection, length):
    items = list(range(length))

    _, after = values(connection, {}, {"items": items})

    assert after["items"] == (items if length == 50 else [*range(49), "… 2 more"])


def test_of_a_long_list_what_differs_is_kept(connection):
    items = [f"item-{number}" for number in range(60)]

    assert values(connection, {"items": items}, {"items": [*items[1:], "last"]}) == (
        {"items": ["item-0"]},
        {"items": ["last"]},
    )


def test_names_are_bounded(connection):
    connection.name = "n" * 300

    event = record("a.b", connection, before={}, after={}, actor=Actor("a" * 300))

    event.refresh_from_db()
    assert (len(event.target_name), len(event.actor_name)) == (200, 150)


def test_people_and_keys_go_by_the_names_that_the_world_knows(alice):
    key = SigningKey(kid="a-kid", algorithm="ES256")

    people = record("user.updated", alice, before={}, after={}, actor=SOMEBODY)
    keys = record("signing-key.rotated", key, before={}, after={}, actor=SOMEBODY)

    assert (people.target_kind, people.target_id) == ("user", str(alice.public_id))
    assert (keys.target_kind, keys.target_id) == ("signing-key", "a-kid")


def test_a_deletion_is_recorded_before_its_row_is_gone(connection):
    connection.delete()

    with pytest.raises(ValueError, match="before the row is deleted"):
        record("connection.deleted", connection, before={"a": 1}, after={}, actor=SOMEBODY)


def test_an_entry_outlives_the_account_of_its_actor(alice, connection, rf):
    request = rf.get("/", REMOTE_ADDR="192.0.2.7")
    request.user = alice
    name = str(alice.public_id)

    record("a.b", connection, before={}, after={}, actor=Actor.of(request))
    alice.delete()

    event = AuditEvent.objects.get()
    assert (event.actor_name, event.actor_id) == ("alice", name)
    assert event.remote_address == "192.0.2.7"


def test_behind_a_proxy_the_actors_address_is_what_the_proxy_says(alice, rf, settings):
    settings.BEHIND_PROXY = True
    request = rf.get("/", REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR="6.6.6.6, 192.0.2.7")
    request.user = alice

    assert Actor.of(request).remote_address == "192.0.2.7"


def test_a_stranger_is_no_actor(rf):
    request = rf.get("/")
    request.user = AnonymousUser()

    with pytest.raises(PermissionError):
        Actor.of(request)


def test_a_program_is_a_name_and_no_more():
    assert Actor.command("apply") == Actor("apply", "", None)


def test_a_description_tells_that_a_secret_changed_and_not_what_it_is(application, alice):
    change(application, former_secret_digest="0" * 64)
    alice.set_password("a long pass phrase")

    described = {**describe(application), **describe(alice)}

    assert {"client_secret", "former_client_secret", "password"} <= described.keys()
    text = str(described)
    for secret in (SECRET, application.secret_digest, "0" * 64, alice.password):
        assert secret not in text


@pytest.mark.parametrize(
    ("before", "after", "wanted"),
    [
        ({}, {"name": "a", "enabled": True}, ["created"]),
        ({"name": "a", "enabled": True, "client_secret": "1"}, {}, ["deleted"]),
        ({"name": "a"}, {"name": "b"}, ["updated"]),
        ({"enabled": True}, {"enabled": False}, ["disabled"]),
        ({"enabled": False}, {"enabled": True}, ["enabled"]),
        ({"active": True, "a": 1}, {"active": False, "a": 2}, ["disabled", "updated"]),
        ({}, {"name": "a", "client_secret": "1"}, ["created", "secret-added"]),
        ({"a": 1}, {"a": 1, "client_secret": "1"}, ["secret-added"]),
        (
            {"client_secret": "1"},
            {"client_secret": "2", "former_client_secret": "1"},
            ["secret-replaced"],
        ),
        (
            {"client_secret": "1", "former_client_secret": "2"},
            {"client_secret": "1"},
            ["secret-removed"],
        ),
        (
            {"former_client_secret": "0", "client_secret": "1"},
            {"client_secret": "2"},
            ["secret-replaced"],
        ),
        ({"a": 1, "client_secret": "1"}, {"a": 1}, ["secret-removed"]),
        ({"a": 1}, {"a": 1, "password": "1"}, ["password-added"]),
        ({"password": "1"}, {"password": "2"}, ["password-replaced"]),
    ],
)
def test_a_change_amounts_to(connection, before, after, wanted):
    events = record_changes(connection, before=before, after=after, actor=SOMEBODY)

    assert sorted(event.action for event in events) == [f"connection.{each}" for each in wanted]
    assert sorted(actions()) == [f"connection.{each}" for each in wanted]


def test_a_private_jwk_in_any_text_is_not_kept(connection):
    jwk = '{"kty": "EC", "crv": "P-256", "d": "c2VjcmV0", "x": "a", "y": "b"}'

    assert values(connection, {"it": ""}, {"it": jwk})[1] == {"it": "changed"}
