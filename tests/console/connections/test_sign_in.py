"""The tab Sign-in of a connection: how people may link by themselves."""

import pytest

from connections.models import Connection
from idp.models import AuditEvent
from tests.console.conftest import save
from tests.fixtures import change

SECRET = "issuer-gave-us-this"


@pytest.fixture
def url(connection):
    """Return where the tab is."""
    return f"/console/connections/{connection.pk}/sign-in/"


def sent(**changes):
    """Return the tab as it is sent, with changes; None leaves one out."""
    good = {
        "by_sign_in": "on",
        "by_token": "on",
        "client_id": "agio",
        "client_secret": SECRET,
        "authorization_endpoint": "https://login.acme.example/authorize",
        "token_endpoint": "https://login.acme.example/token",
        "token_endpoint_auth_method": "client_secret_post",
        "scopes": "profile",
    }
    return {name: value for name, value in (good | changes).items() if value is not None}


def test_the_client_is_saved_and_its_secret_is_never_shown(console, url, connection):
    page = save(console, url, sent(), follow=True)

    saved = Connection.objects.get()
    assert saved.link_by_sign_in
    assert saved.link_by_token
    assert (saved.client_id, saved.client_secret) == ("agio", SECRET)
    assert saved.token_endpoint_auth_method == "client_secret_post"
    assert saved.sign_in_scopes == {"profile"}
    assert "A secret is kept." in page.content.decode()
    assert SECRET not in page.content.decode()
    assert SECRET not in str(list(AuditEvent.objects.values()))
    assert AuditEvent.objects.filter(action="connection.secret-added").exists()


def test_an_empty_secret_keeps_the_one_there_is(console, url, connection):
    save(console, url, sent())

    save(console, url, sent(client_secret="", scopes=""))

    saved = Connection.objects.get()
    assert saved.client_secret == SECRET
    assert saved.sign_in_scopes == frozenset()


@pytest.mark.parametrize(
    ("name", "words"),
    [("client_id", "Enter the client ID"), ("client_secret", "Enter the client secret"),
     ("authorization_endpoint", "Enter where people sign in"),
     ("token_endpoint", "Enter where the issuer takes")],
)  # fmt: skip
def test_signing_in_needs(console, url, name, words):
    response = save(console, url, sent(**{name: ""}))

    assert response.status_code == 422
    assert words in response.content.decode()
    assert 'value="profile"' in response.content.decode()
    assert SECRET not in response.content.decode()
    assert not Connection.objects.get().link_by_sign_in


def test_the_redirect_uri_is_there_to_copy(console, url, connection, settings):
    page = console.get(url).content.decode()

    assert f"{settings.ISSUER}/account/linking/{connection.pk}/callback" in page


def test_the_metadata_fills_in_the_addresses_and_saves_nothing(console, url, connection, issuer):
    change(connection, issuer=issuer.url)
    issuer.answers(
        {
            "issuer": issuer.url,
            "jwks_uri": f"{issuer.url}/jwks",
            "authorization_endpoint": f"{issuer.url}/authorize",
            "token_endpoint": f"{issuer.url}/token",
            "authorization_response_iss_parameter_supported": True,
        }
    )

    page = save(console, url, sent(action="discover")).content.decode()

    assert f'value="{issuer.url}/authorize"' in page
    assert f'value="{issuer.url}/token"' in page
    assert 'value="agio"' in page
    assert SECRET not in page
    assert not Connection.objects.get().client_id


def test_a_conflict_shows_no_secret(console, url, connection):
    save(console, url, sent())

    response = console.post(url, sent(client_secret="another-secret", version="old"))

    assert response.status_code == 409
    assert "another-secret" not in response.content.decode()
