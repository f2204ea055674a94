"""Keys are fetched rarely, and never lost to a bad answer (KY-03, KY-04, AT-078 to AT-083)."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connections as databases
from django.utils import timezone

from connections import jwks
from connections.models import Connection, KeySet
from connections.refusal import KeysUnavailable
from tests import keys
from tests.hostile_server import answer, running

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def local_issuers(settings):
    """Allow issuers on loopback, as development does."""
    settings.ALLOW_LOCAL_ISSUERS = True


def key_set(*algs: str):
    """Return the behaviour of an issuer with these keys."""
    return answer(json.dumps(keys.jwks(*algs)).encode())


@pytest.fixture
def server():
    """Return an issuer's web server with one key."""
    with running(key_set("RS256")) as server:
        yield server


@pytest.fixture
def connection(server):
    """Return a connection with that key set, not fetched yet."""
    connection = Connection(name="Acme", issuer=keys.ISSUER, jwks_uri=server.url)
    connection.full_clean()
    connection.save()
    return connection


def kids(connection: Connection, kid: str | None = "acme-RS256") -> list[str | None]:
    """Return the kids of the connection's keys, as the next request would see them."""
    fresh = Connection.objects.select_related("key_set").get(pk=connection.pk)
    return [key.kid for key in jwks.keys_for(fresh, kid=kid)]


def age(by: timedelta) -> None:
    """Let the time since the last fetch pass."""
    row = KeySet.objects.get()
    row.fetched_at = row.fetched_at and row.fetched_at - by
    row.attempted_at -= by
    row.save()


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


def test_an_answer_for_a_former_address_is_not_kept(connection, server):
    row = KeySet.objects.create(
        owner=connection, jwks_uri="https://new.example/", attempted_at=timezone.now()
    )

    jwks._fetch(connection, row.attempted_at)

    assert KeySet.objects.get().keys == []


def in_threads(number: int, task) -> list:
    """Run a task in parallel, each with a database connection of its own."""

    def run(argument: int):
        try:
            return task(argument)
        finally:
            databases.close_all()

    with ThreadPoolExecutor(number) as threads:
        return list(threads.map(run, range(number)))


def test_a_cold_cache_and_many_requests_make_one_fetch(connection, server, monkeypatch):  # AT-081
    monkeypatch.setattr(jwks, "waiting_room", threading.BoundedSemaphore(20))

    assert in_threads(12, lambda _n: kids(connection)) == [["acme-RS256"]] * 12
    assert server.connections == 1


def test_many_unknown_kids_at_once_make_one_fetch(connection, server):
    kids(connection)
    age(jwks.COOL_DOWN)

    in_threads(12, lambda number: kids(connection, f"random-{number}"))

    assert server.connections == 2


def test_a_slow_issuer_never_occupies_all_threads(connection, server, monkeypatch):
    """While one waits for the slow issuer, the room is full: another is told to come again."""
    monkeypatch.setattr(jwks, "waiting_room", threading.BoundedSemaphore(1))
    asked, go_on = threading.Event(), threading.Event()

    def slow(client, stop):
        asked.set()
        go_on.wait(10)
        key_set("RS256")(client, stop)

    server.behaviour = slow
    with ThreadPoolExecutor(1) as thread:
        first = thread.submit(in_threads, 1, lambda _n: kids(connection))
        assert asked.wait(10)
        with pytest.raises(KeysUnavailable) as problem:
            kids(connection)
        go_on.set()
        assert first.result() == [["acme-RS256"]]

    assert problem.value.retry_after == 1


def test_an_issuer_with_cached_keys_is_served_while_another_is_slow(connection, monkeypatch):
    kids(connection)
    monkeypatch.setattr(jwks, "waiting_room", threading.BoundedSemaphore(1))
    jwks.waiting_room.acquire()
    age(jwks.FRESH_FOR)

    assert kids(connection) == ["acme-RS256"]
    assert kids(connection, "unknown") == ["acme-RS256"]


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
