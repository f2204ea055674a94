"""The bounds that no server and no resolver can stretch (KY-01, KY-02, AT-076, AT-078)."""

import gzip
import socket
import threading
import tracemalloc

import pytest

from connections.fetch import FetchFailed, fetch_json
from connections.guard import Guard, OutOfTime
from tests.connections.test_fetch import QUICK, fetch, resolve_to
from tests.hostile_server import answer, running, silence


def test_an_address_that_nobody_answers_at_is_followed_by_the_next(monkeypatch):
    with running(answer(b"{}")) as server:
        resolve_to(monkeypatch, ["127.0.0.2", "127.0.0.1"])

        assert fetch(f"http://localhost:{server.port}/") == b"{}"


def test_a_resolver_that_hangs_is_not_waited_for(monkeypatch):
    go_on = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_named: go_on.wait(10) or [])

    with pytest.raises(FetchFailed, match="could not be resolved in time"):
        fetch("https://keys.acme.example/jwks")

    go_on.set()


@pytest.mark.parametrize("host", ["a" * 64 + ".example", "keys..acme.example"])
def test_a_name_that_no_resolver_takes_is_no_accident(host):
    with pytest.raises(FetchFailed, match="cannot be reached"):
        fetch_json(f"https://{host}/", allow_local=False, limits=QUICK)


def test_a_name_without_address_is_no_accident(monkeypatch):
    resolve_to(monkeypatch, [])

    with pytest.raises(FetchFailed, match="cannot be reached"):
        fetch("https://keys.acme.example/jwks")


def test_a_connection_made_at_the_deadline_is_not_kept(monkeypatch):
    """The timer finds nothing to shut, so that nothing would end what comes after."""
    connect = socket.socket.connect

    with running(silence) as server, Guard(5, 0.05, allow_local=True) as guard:

        def late(sock: socket.socket, address: object) -> None:
            connect(sock, address)
            guard._timer.join()

        monkeypatch.setattr(socket.socket, "connect", late)
        with pytest.raises(OutOfTime):
            guard.connect("127.0.0.1", server.port)


def test_after_the_deadline_no_further_address_is_tried(monkeypatch):
    resolve_to(monkeypatch, ["127.0.0.1", "127.0.0.2", "127.0.0.3"])
    tried = []

    with Guard(5, 0.05, allow_local=True) as guard:

        def late(_sock: socket.socket, address: object) -> None:
            tried.append(address)
            guard._timer.join()
            raise OSError("nobody there")

        monkeypatch.setattr(socket.socket, "connect", late)
        with pytest.raises(OutOfTime):
            guard.connect("localhost", 80)

    assert len(tried) == 1


def test_a_local_name_must_lead_to_this_machine(monkeypatch):
    resolve_to(monkeypatch, ["10.0.0.1"])

    with pytest.raises(FetchFailed, match="private network"):
        fetch("http://localhost:8000/")


def test_a_proxy_of_the_environment_is_not_used(monkeypatch):
    with running(answer(b"{}")) as server, running(answer(b'{"a": "proxy"}')) as proxy:
        monkeypatch.setenv("http_proxy", proxy.url)
        monkeypatch.delenv("no_proxy", raising=False)
        monkeypatch.delenv("NO_PROXY", raising=False)

        assert fetch(server.url) == b"{}"

    assert proxy.connections == 0


def test_a_bomb_is_stopped_while_it_is_small():  # AT-079
    bomb = answer(gzip.compress(b"0" * 9_000_000), "application/json", "200 OK",
                  "Content-Encoding: gzip")  # fmt: skip

    with running(bomb) as server:
        tracemalloc.start()
        try:
            with pytest.raises(FetchFailed, match="larger than"):
                fetch(server.url)
            _now, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()

    assert peak < 4_000_000
