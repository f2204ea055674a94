"""An issuer with a JWKS URL on loopback, and what the next request would see of it."""

import json
from datetime import timedelta

import pytest

from connections import jwks
from connections.models import Connection, KeySet
from tests import keys
from tests.hostile_server import answer, running


@pytest.fixture(autouse=True)
def local_issuers(settings):
    """Allow issuers on loopback, as development does."""
    settings.ALLOW_LOCAL_ISSUERS = True


def key_set(*algs: str):
    """Return the behaviour of an issuer with these keys."""
    return answer(json.dumps(keys.jwks(*algs)).encode())


@pytest.fixture
def server():
    """Return an issuer's web server with one key."""
    with running(key_set("RS256")) as server:
        yield server


@pytest.fixture
def connection(server):
    """Return a connection with that key set, not fetched yet."""
    connection = Connection(name="Acme", issuer=keys.ISSUER, jwks_uri=server.url)
    connection.full_clean()
    connection.save()
    return connection


def kids(connection: Connection, kid: str | None = "acme-RS256") -> list[str | None]:
    """Return the kids of the connection's keys, as the next request would see them."""
    fresh = Connection.objects.select_related("key_set").get(pk=connection.pk)
    return [key.kid for key in jwks.keys_for(fresh, kid=kid)]


def age(by: timedelta) -> None:
    """Let the time since the last fetch pass."""
    row = KeySet.objects.get()
    row.fetched_at = row.fetched_at and row.fetched_at - by
    row.attempted_at -= by
    row.save()
