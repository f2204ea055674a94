"""The protocol's endpoints stand before everything that is for browsers (TE-29, TE-31)."""

import pytest
from django.test import Client

from tests.fixtures import JWT


@pytest.mark.parametrize("path", ["/oauth2/token", "/oauth2/jwks"])
def test_nothing_looks_at_cookies_there(client, db, path):
    """An unreadable session would be an error in every page."""
    client.cookies["agio_session"] = "x" * 5000

    response = client.get(path)

    assert "Cookie" not in response.get("Vary", "")
    assert not response.cookies
    assert not hasattr(response.wsgi_request, "session")


def test_an_answer_says_how_long_it_is(exchange):
    response = exchange(subject_token_type=JWT)

    assert response["Content-Length"] == str(len(response.content))


def test_a_browser_is_told_not_to_guess(client, db):
    assert client.get("/oauth2/jwks")["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("path", ["/oauth2/", "/oauth2/unknown", "/oauth2/token/more"])
def test_an_endpoint_that_does_not_exist_is_not_found(client, db, path):
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("path", ["token", "introspect", "revoke"])
def test_a_client_needs_no_token_against_forgery(application, path):
    forger = Client(enforce_csrf_checks=True)

    response = forger.post(f"/oauth2/{path}", {"a": "b"})

    assert response.json()["error"] in ("invalid_request", "invalid_client")
