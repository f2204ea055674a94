"""What an administrator is offered from an issuer's metadata."""

import json

import pytest

from connections.discovery import discover, metadata_urls
from tests.connections.test_fetch import QUICK
from tests.hostile_server import answer, running


@pytest.fixture
def look(settings):
    """Return a function that discovers an issuer whose metadata says so; `{}` is its address."""
    settings.ALLOW_LOCAL_ISSUERS = True

    def discovered(*, typed="{}", **metadata):
        with running(answer(b"{}")) as server:
            own = server.url.removesuffix("/jwks")
            text = json.dumps(metadata).replace("{}", own).encode()
            server.behaviour = answer(text)
            return own, discover(typed.replace("{}", own), limits=QUICK)

    return discovered


def test_offers_the_keys_and_the_algorithms_that_both_know(look):
    own, found = look(
        issuer="{}",
        jwks_uri="{}/keys",
        id_token_signing_alg_values_supported=["ES256", "none", "HS256", "RS512"],
    )

    assert (found.problem, found.jwks_uri) == ("", f"{own}/keys")
    assert found.algorithms == ["RS512", "ES256"]


@pytest.mark.parametrize(
    ("typed", "named"), [("{}", "{}/"), ("{}/", "{}"), ("{}/Tenant", "{}/tenant")]
)
def test_offers_the_exact_issuer_where_only_the_spelling_differs(look, typed, named):
    own, found = look(typed=typed, issuer=named, jwks_uri="{}/keys")

    assert found.suggestion == named.replace("{}", own)
    assert "calls itself" in found.problem
    assert found.jwks_uri == ""


def test_takes_nothing_from_the_metadata_of_another_issuer(look):
    _own, found = look(issuer="https://evil.example", jwks_uri="https://evil.example/keys")

    assert "another issuer: https://evil.example. Look at the claim iss" in found.problem
    assert (found.suggestion, found.jwks_uri) == ("", "")


@pytest.mark.parametrize(
    ("metadata", "problem"),
    [
        ({"jwks_uri": "{}/keys"}, "names no issuer"),
        ({"issuer": 7}, "names no issuer"),
        ({"issuer": "{}"}, "names no jwks_uri"),
        ({"issuer": "{}", "jwks_uri": ["x"]}, "names no jwks_uri"),
        ({"issuer": "{}", "jwks_uri": "https://10.0.0.1/keys"}, "numeric addresses"),
        ({"issuer": "{}", "jwks_uri": "javascript:alert()"}, "https://"),
    ],
)
def test_says_what_is_wrong_with_the_metadata(look, metadata, problem):
    _own, found = look(**metadata)

    assert problem in found.problem
    assert found.jwks_uri == ""


@pytest.mark.parametrize(("slashes", "is_offered"), [(1, True), (1000, False)])
def test_no_issuer_is_offered_that_could_not_be_entered(look, slashes, is_offered):
    own, found = look(issuer="{}" + "/" * slashes)

    assert "calls itself" in found.problem
    assert len(found.problem) < 500
    assert found.suggestion == (own + "/" if is_offered else "")


def test_says_why_there_is_no_metadata(settings):
    settings.ALLOW_LOCAL_ISSUERS = True

    with running(answer(b"<html>", "text/html")) as server:
        found = discover(server.url, limits=QUICK)

    assert found.problem.count("does not answer with JSON") == 2  # at both places
    assert len(server.requests) == 2


def test_what_an_exchange_may_not_fetch_is_not_discovered(settings):
    settings.ALLOW_LOCAL_ISSUERS = False

    with running(answer(b"{}")) as server:
        assert "https://" in discover(server.url, limits=QUICK).problem

    assert server.connections == 0


def test_metadata_is_behind_the_issuer_or_between_its_host_and_path():
    assert metadata_urls("https://a.example/tenant/") == [
        "https://a.example/tenant/.well-known/openid-configuration",
        "https://a.example/.well-known/oauth-authorization-server/tenant",
    ]
