"""The one place that fetches, against servers that misbehave (KY-01, KY-02, AT-074 to AT-080)."""

import gzip
import ipaddress
import socket

import pytest

from connections.fetch import FetchFailed, Limits, fetch_json
from connections.guard import is_public
from tests.hostile_server import answer, drip, pour, running, silence

QUICK = Limits(connect=0.5, read=0.5, total=1.0, size=10_000)
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n"


def fetch(url: str, *, allow_local: bool = True) -> bytes:
    """Fetch within quick limits."""
    return fetch_json(url, allow_local=allow_local, limits=QUICK)


def test_brings_the_body_of_a_json_document():
    with running(answer(b'{"keys": []}', "application/jwk-set+json; charset=utf-8")) as server:
        assert fetch(server.url) == b'{"keys": []}'

    (request,) = server.requests
    assert b"Cookie" not in request
    assert b"Authorization" not in request


def test_undoes_gzip_though_it_did_not_ask_for_it():
    body = gzip.compress(b'{"keys": []}')
    with running(answer(body, "application/json", "200 OK", "Content-Encoding: gzip")) as server:
        assert fetch(server.url) == b'{"keys": []}'


@pytest.mark.parametrize(
    ("behaviour", "words"),
    [
        pytest.param(answer(b"x" * 10_001), "larger than 10000 bytes", id="large"),
        pytest.param(pour(HEAD, b"x" * 4096), "larger than 10000 bytes", id="endless"),
        pytest.param(
            answer(gzip.compress(b"0" * 50_000_000), "application/json", "200 OK",
                   "Content-Encoding: gzip"), "larger than", id="gzip-bomb"),
        pytest.param(
            answer(b"{}", "application/json", "200 OK", "Content-Encoding: br"),
            "though we asked", id="another-encoding"),
        pytest.param(
            answer(b"{}", "application/json", "200 OK", "Content-Encoding: gzip"),
            "is not", id="not-gzip"),
        pytest.param(answer(b"<html>", "text/html"), "not answer with JSON", id="html"),
        pytest.param(answer(b"{}", "application/json", "503 No"), "status 503", id="status"),
        pytest.param(
            answer(b"", "application/json", "302 Found", "Location: http://169.254.169.254/"),
            "redirect", id="redirect"),  # AT-075
        pytest.param(drip(HEAD), "within 1 seconds", id="slow-head"),
        pytest.param(drip(b"{", after=HEAD), "within 1 seconds", id="slow-body"),
        pytest.param(pour(HEAD[:-2], b"X-More: 1\r\n"), "cannot be reached", id="endless-head"),
        pytest.param(silence, "within", id="silence"),
        pytest.param(lambda client, stop: client.sendall(b"\x00\xff"), "cannot", id="not-http"),
        pytest.param(
            lambda client, stop: client.sendall(HEAD[:-2] + b"Content-Length: 99\r\n\r\n{}"),
            "cannot be reached", id="wrong-length"),
    ],
)  # fmt: skip
def test_says_why_a_document_cannot_be_had(behaviour, words):
    with running(behaviour) as server, pytest.raises(FetchFailed, match=words):
        fetch(server.url)

    assert server.connections == 1


def resolve_to(monkeypatch, *answers: list[str]) -> list[str]:
    """Let every name resolve to the next of the answers; return the list of names asked for."""
    asked, real = [], socket.getaddrinfo

    def getaddrinfo(host, port, *args, **kwargs):
        if not answers:
            return real(host, port, *args, **kwargs)
        asked.append(host)
        addresses = answers[min(len(asked), len(answers)) - 1]
        return [
            (
                socket.AF_INET6 if ":" in address else socket.AF_INET,
                socket.SOCK_STREAM,
                6,
                "",
                (address, port),
            )
            for address in addresses
        ]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return asked


@pytest.mark.parametrize(
    "addresses",
    [
        ["127.0.0.1"], ["10.0.0.1"], ["169.254.169.254"], ["100.64.0.1"], ["0.0.0.0"], ["::1"],
        ["fd00::1"], ["::ffff:169.254.169.254"], ["64:ff9b::a9fe:a9fe"], ["2002:a9fe:a9fe::1"],
        ["fe80::1%eth0"], ["224.0.0.1"], ["93.184.215.14", "127.0.0.1"], ["fec0::1"],
        ["::127.0.0.1"], ["5f00::1"], ["2001:0:a9fe:a9fe::1"], ["ff0e::1"], ["240.0.0.1"],
    ],
    ids=lambda addresses: addresses[-1],
)  # fmt: skip
def test_a_name_that_leads_inside_is_not_connected_to(monkeypatch, addresses):  # AT-074, AT-076
    resolve_to(monkeypatch, addresses)
    connected = []
    monkeypatch.setattr(socket.socket, "connect", lambda _self, address: connected.append(address))

    with pytest.raises(FetchFailed, match="private network"):
        fetch("https://keys.acme.example/jwks")

    assert connected == []


def test_a_name_is_resolved_once_and_the_checked_address_connected_to(monkeypatch):  # AT-076
    asked = resolve_to(monkeypatch, ["93.184.215.14"], ["127.0.0.1"])
    connected = []

    def connect(_self, address):
        connected.append(address)
        raise OSError("nobody there")

    monkeypatch.setattr(socket.socket, "connect", connect)

    with pytest.raises(FetchFailed, match="cannot be reached"):
        fetch("https://keys.acme.example/jwks")

    assert asked == ["keys.acme.example"]
    assert connected == [("93.184.215.14", 443)]


def test_loopback_is_fetched_only_where_local_issuers_are_allowed():
    with running(answer(b"{}")) as server, pytest.raises(FetchFailed, match="https://"):
        fetch(server.url, allow_local=False)

    assert server.connections == 0


@pytest.mark.parametrize(
    "url",
    [
        "http://keys.acme.example/", "file:///etc/passwd", "ftp://acme.example/",
        "data:application/json,{}", "https://127.0.0.1/", "https://[::1]/", "https://2130706433/",
        "https://127.1/", "https://0x7f.1/", "https://localhost/", "https://localhost./",
        "https://169.254.169.254/", "https://metadata.google.internal/",
        "https://good.example@evil.example/", "https://evil.example#@good.example/",
        "https://good.example\\@evil.example/", "https://good.example\t/", "https://exаmple.com/",
        "https://keys.acme.example:22/", "https:///jwks", "//keys.acme.example/", "",
    ],
)  # fmt: skip
def test_an_address_that_could_never_be_right_is_not_even_resolved(
    monkeypatch, url
):  # AT-074, AT-077
    asked = resolve_to(monkeypatch, ["93.184.215.14"])

    with pytest.raises(FetchFailed):
        fetch(url, allow_local=False)

    assert asked == []


@pytest.mark.parametrize(
    "text", ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "64:ff9b::93.184.215.14"]
)
def test_public_addresses_are_public(text):
    assert is_public(ipaddress.ip_address(text))
