"""A form sent to a token endpoint: under the same guards as every fetch (KY-01, KY-02)."""

from base64 import b64encode

import pytest

from connections.fetch import FetchFailed, Limits, post_form
from tests.hostile_server import answer, drip, pour, running, silence

QUICK = Limits(connect=0.5, read=0.5, total=1.0, size=10_000)
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n"


def send(url: str, *, basic: tuple[str, str] | None = None, allow_local: bool = True) -> bytes:
    """Send a form within quick limits."""
    return post_form(url, {"code": "a b"}, basic=basic, allow_local=allow_local, limits=QUICK)


@pytest.mark.parametrize("status", ["200 OK", "400 Bad Request", "401 Unauthorized"])
def test_brings_the_answer_of_a_token_endpoint(status):
    with running(answer(b"{}", "application/json", status)) as server:
        assert send(server.url) == b"{}"

    (request,) = server.requests
    assert request.startswith(b"POST /jwks ")
    assert b"Content-Type: application/x-www-form-urlencoded" in request
    assert request.endswith(b"code=a+b")
    assert b"Authorization" not in request


def test_the_client_is_in_the_header_form_encoded():  # RFC 6749 2.3.1
    with running(answer(b"{}")) as server:
        send(server.url, basic=("a:b", "c d"))

    (request,) = server.requests
    assert b"Authorization: Basic " + b64encode(b"a%3Ab:c+d") in request


@pytest.mark.parametrize(
    ("behaviour", "words"),
    [
        pytest.param(
            answer(b"", "application/json", "307 No", "Location: http://169.254.169.254/"),
            "redirect", id="redirect"),
        pytest.param(answer(b"x" * 10_001), "larger than", id="large"),
        pytest.param(pour(HEAD, b"x" * 4096), "larger than", id="endless"),
        pytest.param(drip(b"{", after=HEAD), "within 1 seconds", id="slow-body"),
        pytest.param(silence, "within", id="silence"),
        pytest.param(answer(b"{}", "application/json", "500 No"), "status 500", id="status"),
        pytest.param(answer(b"<html>", "text/html"), "not answer with JSON", id="html"),
    ],
)  # fmt: skip
def test_says_why_there_is_no_answer(behaviour, words):
    with running(behaviour) as server, pytest.raises(FetchFailed, match=words):
        send(server.url)

    assert server.connections == 1


@pytest.mark.parametrize(
    "url", ["http://login.acme.example/", "https://10.0.0.1/", "https://localhost/", "file:///x"]
)
def test_nothing_is_sent_inside(url):
    with pytest.raises(FetchFailed):
        send(url, allow_local=False)
