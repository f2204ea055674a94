"""A single-page application: a public client whose script reads the answers, and nobody else's."""

import pytest

from applications import grant_types
from applications.models import Application
from tests.authorization.conftest import VERIFIER, address

HOME = "https://spa.ours.example"
CALLBACK = f"{HOME}/callback"


@pytest.fixture
def spa(db) -> Application:
    """Return a single-page application."""
    spa = Application(
        name="Board",
        client_id="board",
        type="single-page",
        authentication_method="none",
        grant_types=frozenset({grant_types.AUTHORIZATION_CODE}),
        redirect_uris=frozenset({CALLBACK}),
    )
    spa.full_clean()
    spa.save()
    return spa


def preflight(client, path: str, origin: str = HOME):
    """Ask as a browser does before a script's request."""
    return client.options(path, headers={"Origin": origin, "Access-Control-Request-Method": "POST"})


def test_signs_somebody_in_without_a_secret(browser, ada, spa, post, client):
    asked = {"client_id": "board", "redirect_uri": CALLBACK, "scope": "openid"}
    data = {"decision": "allow", "account": str(ada.public_id)}
    location = browser.post(address(**asked), data).headers["Location"]
    assert location.startswith(CALLBACK)
    code = location.partition("code=")[2].partition("&")[0]
    data = {
        "grant_type": "authorization_code",
        "client_id": "board",
        "code": code,
        "redirect_uri": CALLBACK,
        "code_verifier": VERIFIER,
    }

    response = post("/oauth2/token", data, auth=None, HTTP_ORIGIN=HOME)

    assert response.status_code == 200, response.content
    assert response["Access-Control-Allow-Origin"] == HOME
    assert "Access-Control-Allow-Credentials" not in response


@pytest.mark.parametrize("path", ["/oauth2/token", "/oauth2/userinfo", "/oauth2/revoke"])
def test_a_browser_may_ask(client, spa, path):
    response = preflight(client, path)

    assert response.status_code == 204
    assert "POST" in response["Access-Control-Allow-Methods"]
    assert response["Access-Control-Allow-Origin"] == HOME


@pytest.mark.parametrize(
    "origin", ["https://evil.example", f"{HOME}.evil.example", "null", f"{HOME}:8443", CALLBACK]
)
def test_no_other_script_may(client, spa, origin):
    assert "Access-Control-Allow-Origin" not in preflight(client, "/oauth2/token", origin)


def test_not_for_other_endpoints_or_other_types(client, spa, shop):
    assert "Access-Control-Allow-Origin" not in preflight(client, "/oauth2/introspect")
    ours = "https://app.ours.example"
    assert "Access-Control-Allow-Origin" not in preflight(client, "/oauth2/token", ours)


def test_not_while_it_is_disabled(client, spa):
    Application.objects.update(enabled=False)

    assert "Access-Control-Allow-Origin" not in preflight(client, "/oauth2/token")
