"""What is disabled in one process is disabled in every worker of the server within a second."""

import sqlite3
import subprocess
import time
from contextlib import closing
from pathlib import Path

import pytest
import requests

from tests import keys
from tests.environment import MANAGE, ROOT, environment, manage
from tests.fixtures import JWT
from tests.ports import free_ports

SECRET = "a secret of the orders application, long enough"
CONFIGURATION = """
connections:
  - name: Acme
    issuer: {issuer}
    algorithms: [RS256]
    certificates: [{{file: acme.pem}}]
applications:
  - name: Orders
    client_id: orders
    client_secret: {secret}
    type: traditional-web
    grant_types: [token-exchange]
    connections: all
    linked_accounts: {{prioritize_local: true, mandate: true}}
users:
  - username: alice
    links: [{{connection: Acme, subject: "{subject}"}}]
"""
SEVERAL = 12  # requests over fresh connections: they reach both workers


@pytest.fixture(scope="module")
def directory(tmp_path_factory) -> Path:
    """Return the folder that holds the server's database and configuration."""
    directory = tmp_path_factory.mktemp("workers")
    (directory / "acme.pem").write_text(keys.certificate())
    return directory


@pytest.fixture(scope="module")
def run(directory):
    """Return a function that runs a command on the server's database."""
    url = f"sqlite:///{directory / 'agio.sqlite3'}"

    def command(*arguments: str) -> None:
        done = manage(*arguments, AGIO_DATABASE_URL=url)
        assert done.returncode == 0, done.stdout + done.stderr

    return command


@pytest.fixture
def switch(directory):
    """Return a function that switches something off or on, from outside of the server."""

    def write(statement: str, value: int) -> None:
        path = directory / "agio.sqlite3"
        with closing(sqlite3.connect(path, timeout=20)) as database, database:
            database.execute(statement, [value])

    return write


@pytest.fixture(scope="module")
def address(directory, run):
    """Return the address of a server with two workers."""
    text = CONFIGURATION.format(issuer=keys.ISSUER, subject=keys.SUBJECT, secret=SECRET)
    (directory / "agio.yaml").write_text(text)
    run("migrate", "--verbosity=0")
    run("apply", str(directory / "agio.yaml"))
    port, _other = free_ports()
    settings = environment({"AGIO_DATABASE_URL": f"sqlite:///{directory / 'agio.sqlite3'}"})
    command = [*MANAGE, "serve", "--port", str(port), "--workers", "2"]
    process = subprocess.Popen(command, env=settings, cwd=ROOT, stderr=subprocess.DEVNULL)
    try:
        wait_for(f"http://127.0.0.1:{port}/readyz")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(20)


def wait_for(url: str) -> None:
    """Wait until a server is ready."""
    for _attempt in range(300):
        try:
            if requests.get(url, timeout=5).ok:
                return
        except requests.ConnectionError:
            time.sleep(0.1)
    raise AssertionError("The server did not start.")


def statuses(address: str) -> set[int]:
    """Return the statuses of several exchanges, each over a connection of its own."""
    return {exchange(address).status_code for _ in range(SEVERAL)}


def exchange(address: str) -> requests.Response:
    """Exchange a good token."""
    data = {
        "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange",
        "subject_token": keys.sign(),
        "subject_token_type": JWT,
    }
    return requests.post(f"{address}/oauth2/token", data, auth=("orders", SECRET), timeout=20)


@pytest.mark.parametrize(
    ("statement", "refusal"),
    [
        pytest.param("UPDATE accounts_user SET is_active = ?", 400, id="user"),
        pytest.param("UPDATE connections_connection SET enabled = ?", 400, id="connection"),
        pytest.param("UPDATE applications_application SET enabled = ?", 401, id="application"),
    ],
)
def test_disabling_reaches_every_worker(address, switch, statement, refusal):
    assert statuses(address) == {200}

    switch(statement, 0)
    time.sleep(1)
    found = statuses(address)
    switch(statement, 1)

    assert found == {refusal}


def test_a_withdrawn_key_reaches_every_worker(address, run):
    tokens = [exchange(address).json()["access_token"] for _ in range(SEVERAL)]
    published = requests.get(f"{address}/oauth2/jwks", timeout=20).json()["keys"]
    signing = keys.header(tokens[0])["kid"]
    assert signing in {key["kid"] for key in published}

    run("withdraw_signing_key", signing, "--yes")
    time.sleep(1)

    for token in tokens:
        told = requests.post(
            f"{address}/oauth2/introspect", {"token": token}, auth=("orders", SECRET), timeout=20
        )
        assert told.json() == {"active": False}
    new = [keys.header(exchange(address).json()["access_token"])["kid"] for _ in range(SEVERAL)]
    assert signing not in new
