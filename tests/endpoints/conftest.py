"""An application with every grant, another one beside it, and short ways to call the endpoints."""

import pytest

from applications import grant_types, secrets
from applications.models import Application
from tests.fixtures import SECRET, change


@pytest.fixture
def every_grant(application):
    """Let the application use every grant."""
    change(
        application,
        grant_types=frozenset(grant_types.ALL),
        redirect_uris=frozenset({"https://app.ours.example/callback"}),
    )
    return application


@pytest.fixture
def billing(db):
    """Return another application, whose client ID is an audience."""
    billing = Application(
        name="Billing",
        client_id="https://billing.ours.example",
        type="machine-to-machine",
        grant_types=frozenset(grant_types.ALL) - {grant_types.AUTHORIZATION_CODE},
        connection_choice="all",
        secret_digest=secrets.digest(SECRET),
    )
    billing.full_clean()
    billing.save()
    return billing


@pytest.fixture
def introspect(post):
    """Return a function that introspects a token."""

    def send(token, *, auth=("orders", SECRET), **more):
        response = post("/oauth2/introspect", {"token": token} | more, auth=auth)
        assert response.status_code == 200, response.content
        assert response["Cache-Control"] == "no-store"  # IR-07
        return response.json()

    return send


@pytest.fixture
def revoke(post):
    """Return a function that revokes a token."""

    def send(token, *, auth=("orders", SECRET), **more):
        return post("/oauth2/revoke", {"token": token} | more, auth=auth)

    return send


@pytest.fixture
def refresh(post):
    """Return a function that uses a refresh token."""

    def send(token, *, auth=("orders", SECRET), **more):
        data = {"grant_type": "refresh_token", "refresh_token": token}
        return post("/oauth2/token", data | more, auth=auth)

    return send
