"""Google's client library, as it is on the package index, exchanges tokens with Agio."""

from pathlib import Path
from typing import Any

import pytest
from google.auth import identity_pool
from google.auth.exceptions import OAuthError
from google.oauth2.sts import Client
from google.oauth2.utils import ClientAuthentication, ClientAuthType

from tests.clients.verified import verified

GRANT_TYPE = "urn:ietf:params:oauth:grant-type:token-exchange"
JWT = "urn:ietf:params:oauth:token-type:jwt"
ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token"
ORDERS = "https://orders.ours.example"


@pytest.fixture
def client(live_agio) -> Client:
    basic = ClientAuthentication(ClientAuthType.basic, "orders", live_agio.orders_secret)
    return Client(f"{live_agio.agio}/oauth2/token", basic)


def exchange(client: Client, request: Any, subject_token: str, **changes: Any) -> dict[str, Any]:
    parameters = {"subject_token_type": JWT, "requested_token_type": ACCESS_TOKEN} | changes
    return client.exchange_token(request, GRANT_TYPE, subject_token, **parameters)


def test_sts_client_exchanges_a_token(client, google_request, live_agio, jwks):
    answer = exchange(client, google_request, live_agio.acme_token("ann"), audience=ORDERS)
    assert answer["issued_token_type"] == ACCESS_TOKEN
    assert answer["token_type"] == "Bearer"
    assert answer["expires_in"] == 900
    assert verified(answer["access_token"], jwks, live_agio, audience=ORDERS)


def test_sts_client_gets_the_scope_it_asks_for(client, google_request, live_agio):
    answer = exchange(client, google_request, live_agio.acme_token("ann"), scopes=["orders.read"])
    assert answer["scope"] == "orders.read"


def test_sts_client_raises_our_error_with_our_words(client, google_request, live_agio):
    expired = live_agio.acme_token("ann", kind="expired")
    with pytest.raises(OAuthError, match=r"invalid_request: The subject_token has expired\."):
        exchange(client, google_request, expired)


def test_sts_client_raises_for_a_target_that_is_not_allowed(client, google_request, live_agio):
    token = live_agio.acme_token("ann")
    with pytest.raises(OAuthError, match="invalid_target"):
        exchange(client, google_request, token, audience="https://elsewhere.example")


def test_sts_client_refreshes(client, google_request, live_agio, jwks):
    first = exchange(client, google_request, live_agio.acme_token("ann"))
    second = client.refresh_token(google_request, first["refresh_token"])
    tokens = [
        verified(answer["access_token"], jwks, live_agio, audience="orders")
        for answer in (first, second)
    ]
    assert tokens[0].claims["sub"] == tokens[1].claims["sub"]
    assert tokens[0].claims["jti"] != tokens[1].claims["jti"]


def test_sts_client_revokes(client, google_request, live_agio, session):
    token = exchange(client, google_request, live_agio.acme_token("ann"))["access_token"]
    assert introspect(session, live_agio, token)["active"] is True
    client.revoke_token(google_request, token, "access_token", f"{live_agio.agio}/oauth2/revoke")
    assert introspect(session, live_agio, token) == {"active": False}


def introspect(session: Any, live_agio: Any, token: str) -> dict[str, Any]:
    orders = ("orders", live_agio.orders_secret)
    url = f"{live_agio.agio}/oauth2/introspect"
    return session.post(url, data={"token": token}, auth=orders).json()


def configuration(live_agio: Any, source: dict[str, Any]) -> dict[str, Any]:
    """Return the configuration file that Google's tools read, for our addresses."""
    return {
        "type": "external_account",
        "audience": ORDERS,
        "subject_token_type": JWT,
        "token_url": f"{live_agio.agio}/oauth2/token",
        "client_id": "orders",
        "client_secret": live_agio.orders_secret,
        "credential_source": source,
    }


def test_identity_pool_exchanges_a_token_from_a_file(
    google_request, live_agio, jwks, tmp_path: Path
):
    file = tmp_path / "token"
    file.write_text(live_agio.acme_token("ben"), encoding="utf-8")
    source = {"file": str(file)}
    credentials = identity_pool.Credentials.from_info(configuration(live_agio, source))
    credentials.refresh(google_request)
    assert credentials.valid
    token = verified(credentials.token, jwks, live_agio, audience=ORDERS)
    assert token.claims["sub"] == "248289761002"


def test_identity_pool_exchanges_a_token_from_a_url(google_request, live_agio, jwks):
    source = {"url": f"{live_agio.acme}/token?person=ben"}
    credentials = identity_pool.Credentials.from_info(configuration(live_agio, source))
    credentials.refresh(google_request)
    assert verified(credentials.token, jwks, live_agio, audience=ORDERS)


class AcmeTokens(identity_pool.SubjectTokenSupplier):
    """Asks Acme for a token, whenever the library needs one."""

    def __init__(self, live_agio: Any) -> None:
        self.live_agio = live_agio

    def get_subject_token(self, context: Any, request: Any) -> str:
        assert context.audience == ORDERS
        return self.live_agio.acme_token("ann")


def test_identity_pool_exchanges_a_token_from_a_supplier(google_request, live_agio, jwks):
    credentials = identity_pool.Credentials(
        audience=ORDERS,
        subject_token_type=JWT,
        token_url=f"{live_agio.agio}/oauth2/token",
        subject_token_supplier=AcmeTokens(live_agio),
        client_id="orders",
        client_secret=live_agio.orders_secret,
        scopes=["orders.read"],
    )
    credentials.refresh(google_request)
    token = verified(credentials.token, jwks, live_agio, audience=ORDERS)
    assert token.claims["scope"] == "orders.read"
