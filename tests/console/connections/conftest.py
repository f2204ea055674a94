"""A wizard to walk through, and an issuer on loopback to look at."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from django.test import Client

from idp.models import ConnectionDraft
from tests import keys
from tests.hostile_server import Server, answer, running

GENERAL = {
    "name": "Northwind",
    "issuer": "https://login.northwind.example",
    "alias": "api://agio",
    "description": "Their staff.",
}
BY_URL = {
    "key_source": "jwks",
    "jwks_uri": "https://login.northwind.example/jwks.json",
    "certificates": "",
    "algorithms": ["RS256", "ES256"],
}


def by_certificate(*pems: str) -> dict[str, Any]:
    """Return step 2 with certificates."""
    return BY_URL | {"key_source": "certificates", "certificates": "\n".join(pems)}


def private_pem() -> str:
    """Return a private key as it is pasted by mistake."""
    return keys.private_key().private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode()  # fmt: skip


class Wizard:
    """One draft in one browser."""

    def __init__(self, client: Client) -> None:
        self.client = client
        started = client.post("/console/connections/setup/")
        self.url = started["Location"].removesuffix("general/")
        self.pk = self.url.rstrip("/").rpartition("/")[2]

    @property
    def draft(self) -> ConnectionDraft:
        """Return the row."""
        return ConnectionDraft.objects.get(pk=self.pk)

    def see(self, step: str) -> Any:
        """Return the page of a step, wherever it leads."""
        return self.client.get(f"{self.url}{step}/", follow=True)

    def send(self, step: str, fields: Any = None, action: str = "next", **more: Any) -> Any:
        """Send a step with a button; follow where it leads."""
        sent = {**(fields or {}), "action": action, **more}
        return self.client.post(f"{self.url}{step}/", sent, follow=True)

    def finish(self) -> Any:
        """Press the last button."""
        return self.send("review", {"enabled": "on"}, "finish")


@pytest.fixture
def wizard(console: Client) -> Wizard:
    """Return a wizard that was just begun."""
    return Wizard(console)


class Issuer:
    """A server on loopback that answers everything with one document."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.url = server.url.removesuffix("/jwks")

    def answers(self, document: Any, content_type: str = "application/json") -> None:
        """Answer with a document from now on."""
        body = document if isinstance(document, bytes) else json.dumps(document).encode()
        self.server.behaviour = answer(body, content_type)


@pytest.fixture
def issuer(settings: Any) -> Iterator[Issuer]:
    """Return an issuer on loopback, which is allowed as in development."""
    settings.ALLOW_LOCAL_ISSUERS = True
    with running(answer(b"{}")) as server:
        yield Issuer(server)
