"""The product as other people's software meets it: real processes, real HTTP, its own server."""

from collections.abc import Iterator

import pytest
import requests
from google.auth.transport.requests import Request

from idp.demo import servers
from idp.demo.ports import Ports
from idp.demo.processes import Processes
from idp.demo.servers import Servers
from idp.demo.stop import StopRequest
from tests.ports import free_ports


@pytest.fixture(scope="session")
def live_agio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    """Run Agio beside Acme, set up as in the demo."""
    directory = tmp_path_factory.mktemp("live")
    with Processes(directory, StopRequest()) as processes:
        yield servers.start(Ports(*free_ports()), processes)


@pytest.fixture
def session() -> Iterator[requests.Session]:
    """Return an HTTP client that heeds no proxy of the machine's."""
    with requests.Session() as session:
        session.trust_env = False
        yield session


@pytest.fixture
def google_request(session: requests.Session) -> Request:
    """Return Google's way to make a request."""
    return Request(session)


@pytest.fixture
def jwks(live_agio: Servers, session: requests.Session) -> dict:
    """Return the public keys, found as a stranger finds them: through the metadata (RFC 8414)."""
    metadata = session.get(f"{live_agio.agio}/.well-known/oauth-authorization-server").json()
    return session.get(metadata["jwks_uri"]).json()
