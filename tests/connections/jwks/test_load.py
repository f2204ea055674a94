"""Many requests, threads and processes at once, and issuers that are slow (AT-078, AT-081)."""

import json
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection as database
from django.db import connections as databases
from django.utils import timezone

from connections import jwks
from connections.models import Connection, KeySet
from connections.refusal import KeysUnavailable
from tests.connections.jwks.conftest import age, key_set, kids
from tests.hostile_server import running

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def places(monkeypatch):
    """Return a function that says how many threads may fetch and wait; at first, many."""

    def allow(*, fetch: int, wait: int) -> None:
        monkeypatch.setattr(jwks, "fetchers", threading.BoundedSemaphore(fetch))
        monkeypatch.setattr(jwks, "waiters", threading.BoundedSemaphore(wait))

    allow(fetch=20, wait=20)
    return allow


def in_threads(number: int, task) -> list:
    """Run a task in parallel, each with a database connection of its own."""

    def run(argument: int):
        try:
            return task(argument)
        finally:
            databases.close_all()

    with ThreadPoolExecutor(number) as threads:
        return list(threads.map(run, range(number)))


@contextmanager
def asking(owner: Connection):
    """Ask for keys in another thread meanwhile; afterwards it must have got them."""
    with ThreadPoolExecutor(1) as thread:
        answer = thread.submit(in_threads, 1, lambda _n: kids(owner))
        yield
        assert answer.result(20) == [["acme-RS256"]]


@pytest.fixture
def slow(server):
    """Let the issuer answer only when told; return the events "was asked" and "go on"."""
    asked, go_on = threading.Event(), threading.Event()

    def behave(client, stop):
        asked.set()
        go_on.wait(10)
        key_set("RS256")(client, stop)

    server.behaviour = behave
    yield asked, go_on
    go_on.set()


def test_a_cold_cache_and_many_requests_make_one_fetch(connection, server):
    assert in_threads(12, lambda _n: kids(connection)) == [["acme-RS256"]] * 12
    assert server.connections == 1


def test_many_unknown_kids_at_once_make_one_fetch(connection, server):
    kids(connection)
    age(jwks.COOL_DOWN)

    in_threads(12, lambda number: kids(connection, f"random-{number}"))

    assert server.connections == 2


WORKER = """
import django, json, sys
django.setup()
from django.conf import settings
from django.db import connections
connections.databases["default"]["NAME"] = sys.argv[1]
settings.ALLOW_LOCAL_ISSUERS = True
from tests.connections.jwks.conftest import Connection, kids
print(json.dumps([kids(Connection.objects.get(), f"random-{n}") for n in range(3)]))
"""


def test_another_process_behaves_as_one_with_this(connection, server):
    command = [sys.executable, "-c", WORKER, str(database.settings_dict["NAME"])]
    worker = subprocess.Popen(command, stdout=subprocess.PIPE, cwd=settings.BASE_DIR)

    in_threads(4, lambda number: kids(connection, f"random-{number}"))

    assert json.loads(worker.communicate(timeout=60)[0]) == [["acme-RS256"]] * 3
    assert server.connections == 1


class OnePlace(threading.BoundedSemaphore):
    """A place that tells when it is taken."""

    def __init__(self) -> None:
        super().__init__(1)
        self.taken = threading.Event()

    def acquire(self, *args, **named) -> bool:
        got = super().acquire(*args, **named)
        if got:
            self.taken.set()
        return got


def test_a_slow_issuer_does_not_delay_another(connection, slow, monkeypatch):
    monkeypatch.setattr(jwks, "fetchers", threading.BoundedSemaphore(2))
    monkeypatch.setattr(jwks, "waiters", OnePlace())
    asked, go_on = slow

    with running(key_set("ES256")) as quick, asking(connection):
        assert asked.wait(10)
        with asking(connection):
            assert jwks.waiters.taken.wait(10)
            other = Connection.objects.create(
                name="Other", issuer="https://other.example", jwks_uri=quick.url
            )

            assert kids(other, "acme-ES256") == ["acme-ES256"]

            with pytest.raises(KeysUnavailable) as problem:  # a third would be too many
                kids(connection)
            assert problem.value.retry_after == 1
            assert not go_on.is_set()
            go_on.set()


@pytest.mark.parametrize("kid", ["acme-RS256", "unknown"])
def test_where_no_thread_can_be_spared_the_old_keys_serve(connection, places, kid):
    kids(connection)
    age(jwks.FRESH_FOR)
    places(fetch=0, wait=0)

    assert kids(connection, kid) == ["acme-RS256"]


def test_where_no_thread_can_be_spared_missing_keys_are_late(connection, places):
    places(fetch=0, wait=0)

    with pytest.raises(KeysUnavailable) as problem:
        kids(connection)
    assert problem.value.retry_after == 1
    with pytest.raises(KeysUnavailable):
        jwks.refresh_now(connection)


def test_old_keys_serve_without_waiting_while_somebody_fetches(connection, server, monkeypatch):
    monkeypatch.setattr(jwks, "waiters", OnePlace())
    monkeypatch.setattr(jwks, "IN_FLIGHT_FOR", timedelta(seconds=0.2))
    kids(connection)
    age(jwks.FRESH_FOR)
    KeySet.objects.update(attempted_at=timezone.now(), finished_at=None)

    assert kids(connection) == ["acme-RS256"]
    assert server.connections == 1
    assert not jwks.waiters.taken.is_set()


def test_an_unknown_kid_waits_for_the_fetch_that_may_bring_it(
    connection, server, slow, monkeypatch
):
    asked, go_on = slow
    behave, server.behaviour = server.behaviour, key_set("ES256")
    kids(connection)
    age(jwks.COOL_DOWN)
    server.behaviour = behave
    monkeypatch.setattr(jwks, "waiters", OnePlace())

    with asking(connection):
        assert asked.wait(10)
        with asking(connection):
            assert jwks.waiters.taken.wait(10)
            go_on.set()

    assert server.connections == 2


def test_a_fetch_whose_worker_died_is_waited_for_a_while(connection, monkeypatch):
    monkeypatch.setattr(jwks, "IN_FLIGHT_FOR", timedelta(seconds=0.2))
    KeySet.objects.create(
        owner=connection, jwks_uri=connection.jwks_uri, attempted_at=timezone.now()
    )

    with pytest.raises(KeysUnavailable, match="late"):
        kids(connection)
