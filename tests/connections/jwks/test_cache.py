"""Keys are fetched rarely, and never lost to a bad answer (KY-03, KY-04, AT-078 to AT-083)."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from connections import jwks
from connections.models import Connection, KeySet
from connections.refusal import KeysUnavailable
from tests import keys
from tests.connections.jwks.conftest import age, key_set, kids
from tests.hostile_server import answer, running

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_first_use_fetches_and_the_next_ones_do_not(connection, server):
    assert kids(connection) == ["acme-RS256"]
    assert kids(connection) == ["acme-RS256"]

    assert server.connections == 1


def test_fresh_keys_cost_no_query(connection, django_assert_num_queries):
    kids(connection)
    loaded = Connection.objects.select_related("key_set").get()
    jwks.keys_for(loaded, kid=None)

    with django_assert_num_queries(0):
        assert jwks.keys_for(loaded, kid="acme-RS256")


def test_an_unknown_kid_fetches_once_per_cool_down_whatever_it_is(connection, server):  # AT-081
    kids(connection)
    age(jwks.COOL_DOWN)

    for number in range(20):
        assert kids(connection, f"random-{number}") == ["acme-RS256"]
    assert server.connections == 2

    age(jwks.COOL_DOWN)
    kids(connection, "random")
    assert server.connections == 3


def test_a_new_key_is_found_by_its_kid(connection, server):
    kids(connection)
    server.behaviour = key_set("RS256", "ES256")
    age(jwks.COOL_DOWN)

    assert kids(connection, "acme-ES256") == ["acme-RS256", "acme-ES256"]


def test_keys_are_read_again_when_they_are_no_longer_fresh(connection, server):  # KY-04
    kids(connection)
    server.behaviour = key_set("ES256")
    age(jwks.FRESH_FOR)

    assert kids(connection) == ["acme-ES256"]


@pytest.mark.parametrize(
    "behaviour",
    [
        answer(b"<html>", "text/html"),
        answer(b'{"keys": []}'),
        answer(b"{}", status="500 Oops"),
        lambda client, stop: client.close(),
    ],
    ids=["garbage", "empty", "error", "closed"],
)
def test_a_bad_answer_never_evicts_good_keys(connection, server, behaviour):  # AT-082
    kids(connection)
    server.behaviour = behaviour
    age(jwks.FRESH_FOR)

    assert kids(connection) == ["acme-RS256"]
    assert kids(connection, "unknown") == ["acme-RS256"]

    row = KeySet.objects.get()
    assert row.failure
    assert server.connections == 2


def test_keys_serve_for_a_day_and_no_longer(connection, server):
    kids(connection)
    server.behaviour = answer(b"{}", status="500 Oops")

    age(jwks.SERVES_FOR - timedelta(minutes=1))
    assert kids(connection) == ["acme-RS256"]

    age(timedelta(minutes=2))
    with pytest.raises(KeysUnavailable) as problem:
        kids(connection)
    assert problem.value.retry_after >= 1
    assert "status 500" in problem.value.detail


def test_a_failing_first_fetch_is_not_repeated_before_the_cool_down(connection, server):
    server.behaviour = answer(b"{}", status="500 Oops")

    for _attempt in range(5):
        with pytest.raises(KeysUnavailable):
            kids(connection)

    assert server.connections == 1


def test_a_changed_address_begins_anew(connection, server):  # AT-083
    kids(connection)
    with running(key_set("ES256")) as other:
        Connection.objects.update(jwks_uri=other.url)

        assert kids(connection) == ["acme-ES256"]


def test_keys_of_a_former_address_do_not_serve_where_the_new_one_fails(connection):
    kids(connection)
    with running(answer(b"{}", status="500 Oops")) as other:
        Connection.objects.update(jwks_uri=other.url)

        with pytest.raises(KeysUnavailable, match="status 500"):
            kids(connection)


@pytest.mark.parametrize(
    ("jwks_uri", "earlier"), [("https://new.example/", 0), (None, 1)], ids=["address", "attempt"]
)
def test_an_answer_to_something_else_is_not_kept(connection, server, jwks_uri, earlier):
    now = timezone.now()
    KeySet.objects.create(owner=connection, jwks_uri=jwks_uri or server.url, attempted_at=now)

    jwks._fetch(connection, now - timedelta(seconds=earlier))

    assert KeySet.objects.get().keys == []


def test_keys_in_hand_serve_where_newer_ones_cannot_be_had(connection, server):
    kids(connection)
    age(jwks.FRESH_FOR)
    loaded = Connection.objects.select_related("key_set").get()
    KeySet.objects.update(jwks_uri="https://new.example/", keys=[], fetched_at=None)
    server.behaviour = answer(b"{}", status="500 Oops")

    assert [key.kid for key in jwks.keys_for(loaded, kid=None)] == ["acme-RS256"]


def test_a_fetch_whose_worker_died_is_not_waited_for_for_ever(connection, server):
    long_ago = timezone.now() - jwks.COOL_DOWN
    KeySet.objects.create(owner=connection, jwks_uri=server.url, attempted_at=long_ago)

    assert kids(connection) == ["acme-RS256"]


def test_what_was_wrong_with_some_keys_is_kept_for_administrators(connection, server):
    secret = {"kty": "oct", "k": "c2VjcmV0LXNlY3JldA"}
    server.behaviour = answer(json.dumps({"keys": [keys.jwk(), secret]}).encode())

    kids(connection)

    row = KeySet.objects.get()
    assert "published" in row.warning
    assert "c2VjcmV0" not in repr(row.__dict__)


def test_within_the_cool_down_an_unknown_kid_costs_no_query(connection, django_assert_num_queries):
    kids(connection)
    kids(connection)  # parsed
    loaded = Connection.objects.select_related("key_set").get()

    with django_assert_num_queries(0):
        assert jwks.keys_for(loaded, kid="random")


def test_within_the_cool_down_missing_keys_cost_no_query(
    connection, server, django_assert_num_queries
):
    server.behaviour = answer(b"{}", status="500 Oops")
    with pytest.raises(KeysUnavailable):
        kids(connection)
    loaded = Connection.objects.select_related("key_set").get()

    with django_assert_num_queries(0), pytest.raises(KeysUnavailable, match="status 500"):
        jwks.keys_for(loaded, kid=None)


def test_an_accident_on_our_side_ends_the_attempt(connection, server, monkeypatch):
    monkeypatch.setattr(jwks, "read_key_set", lambda _document: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        kids(connection)

    row = KeySet.objects.get()
    assert row.finished_at
    assert "on our side" in row.failure


def test_an_administrator_need_not_wait_for_the_cool_down(connection, server):  # KY-04
    kids(connection)
    server.behaviour = key_set("ES256")

    assert jwks.refresh_now(connection).failure == ""
    assert kids(connection, "acme-ES256") == ["acme-ES256"]

    server.behaviour = answer(b"{}", status="500 Oops")
    assert "status 500" in jwks.refresh_now(connection).failure
    assert kids(connection, "acme-ES256") == ["acme-ES256"]
