"""Somebody signed in, a connection that offers both ways, and the issuer's token endpoint."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.http import HttpResponse
from django.test import Client

from connections import sign_in
from connections.models import Connection
from tests import keys
from tests.fixtures import change
from tests.hostile_server import Server, answer, running

CLIENT_ID = "agio-at-acme"
SECRET = "issuer-gave-us-this"
AUTHORIZE = "https://login.acme.example/authorize?tenant=7"
BEGIN = "/account/linking/"


@pytest.fixture
def server(settings: Any) -> Iterator[Server]:
    """Return the token endpoint of the issuer, on loopback."""
    settings.ALLOW_LOCAL_ISSUERS = True
    with running(answer(b"{}")) as server:
        yield server


@pytest.fixture
def offering(connection: Connection, server: Server) -> Connection:
    """Return the connection, as an administrator set it up for both ways."""
    change(
        connection,
        link_by_sign_in=True,
        link_by_token=True,
        client_id=CLIENT_ID,
        sealed_client_secret=sign_in.seal(SECRET),
        authorization_endpoint=AUTHORIZE,
        token_endpoint=server.url,
    )
    return connection


@dataclass
class Journey:
    """One sign-in at the issuer, in one browser."""

    browser: Client
    connection: Connection
    server: Server

    def begin(self) -> dict[str, str]:
        """Go to the issuer; return what it is asked."""
        page = self.browser.post(f"{BEGIN}{self.connection.pk}/sign-in/")
        self.page = page
        self.asked = dict(parse_qsl(urlsplit(page.context["there"]).query))
        return self.asked

    def answers(self, **changes: Any) -> None:
        """Let the token endpoint answer with a good ID token, changed by claims."""
        good = {"aud": CLIENT_ID, "nonce": self.asked["nonce"], "name": "Ada L."}
        self.says({"access_token": "x", "id_token": keys.sign(**good | changes)})

    def says(self, document: Any, status: str = "200 OK") -> None:
        """Let the token endpoint answer with a document."""
        body = json.dumps(document).encode()
        self.server.behaviour = answer(body, "application/json", status)

    def back(self, connection_id: int | None = None, **changes: Any) -> HttpResponse:
        """Come back with a good answer, changed; None leaves a parameter out."""
        good = {"code": "abc", "state": self.asked["state"]}
        query = {name: value for name, value in (good | changes).items() if value is not None}
        where = connection_id or self.connection.pk
        return self.browser.get(f"{BEGIN}{where}/callback", query)

    def there_and_back(self, **claims: Any) -> HttpResponse:
        """Sign in at the issuer, and come back."""
        self.begin()
        self.answers(**claims)
        return self.back()


@pytest.fixture
def journey(browser: Client, offering: Connection, server: Server) -> Journey:
    """Return a journey that is not begun."""
    return Journey(browser, offering, server)


@pytest.fixture
def paste(browser: Client, offering: Connection) -> Any:
    """Return a function that pastes a good token, changed by claims."""

    def send(text: str | None = None, **claims: Any) -> HttpResponse:
        token = keys.sign(**{"jti": keys.unique()} | claims) if text is None else text
        return browser.post(f"{BEGIN}{offering.pk}/", {"token": token})

    return send
