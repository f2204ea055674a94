"""What an administrator is told about a JWKS URL before saving it (KY-06, AT-064, AT-080)."""

import json

import pytest

from connections.inspection import inspect
from tests import keys
from tests.connections.test_fetch import QUICK
from tests.hostile_server import answer, running


@pytest.fixture(autouse=True)
def local_issuers(settings):
    """Allow issuers on loopback, as development does."""
    settings.ALLOW_LOCAL_ISSUERS = True


def look(document: object):
    """Inspect a URL with this document."""
    with running(answer(json.dumps(document).encode())) as server:
        return inspect(server.url, limits=QUICK)


def test_says_of_each_key_whether_it_is_usable():
    found = look({"keys": [keys.jwk(), {"kty": "oct", "k": "c2VjcmV0", "kid": "b\u202e"}, 7]})

    assert found.problem == ""
    assert [(key.kid, key.kty, key.alg) for key in found.keys] == [
        ("acme-RS256", "RSA", "RS256"), ("b\\u202e", "oct", ""), ("", "", ""),
    ]  # fmt: skip
    assert [bool(key.problem) for key in found.keys] == [False, True, True]
    assert "c2VjcmV0" not in repr(found)


def test_says_that_no_key_is_usable_and_why():
    found = look({"keys": [keys.jwk(use="enc")]})

    assert found.problem == "It has no key that we can use."
    assert "for the use enc" in found.keys[0].problem


@pytest.mark.parametrize(
    ("jwks_uri", "suggestion"),
    [
        ("https://login.acme.example/jwks", "https://login.acme.example/jwks"),
        ("https://169.254.169.254/", ""), ("javascript:alert()", ""), (7, ""),
    ],
)  # fmt: skip
def test_suggests_the_address_that_was_meant(jwks_uri, suggestion):
    found = look({"issuer": keys.ISSUER, "jwks_uri": jwks_uri})

    assert "no list of keys" in found.problem
    assert found.suggestion == suggestion


@pytest.mark.parametrize(
    ("behaviour", "sentence"),
    [
        (answer(b"<html>", "text/html"), "it does not answer with JSON, but with another"),
        (
            answer(b"", "text/html", "302 Found", "Location: https://b.example/"),
            "it answers with a redirect: enter the address that it leads to.",
        ),
    ],
    ids=["html", "redirect"],
)
def test_says_that_another_document_is_no_key_set(behaviour, sentence):
    with running(behaviour) as server:
        problem = inspect(server.url, limits=QUICK).problem

    assert problem.startswith(f"This is not a key set: {sentence}")


def test_says_why_nothing_could_be_fetched():
    with running(answer(b"", status="503 Unavailable")) as server:
        assert inspect(server.url, limits=QUICK).problem == "It answers with the status 503."


def test_what_an_exchange_may_not_fetch_is_not_inspected(settings):
    settings.ALLOW_LOCAL_ISSUERS = False

    with running(answer(b"{}")) as server:
        assert "https://" in inspect(server.url, limits=QUICK).problem

    assert server.connections == 0
