"""`manage.py serve`, started as an operator starts it: three variables and `migrate`."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests

from tests.environment import MANAGE, ROOT, environment, manage
from tests.ports import free_ports


@dataclass(frozen=True)
class Server:
    """A server of ours, and what it says."""

    process: subprocess.Popen[bytes]
    port: int
    log: Path

    def get(self, path: str) -> requests.Response:
        """Ask as a browser behind the operator's proxy does."""
        with requests.Session() as session:
            session.trust_env = False
            return session.get(f"http://127.0.0.1:{self.port}{path}", timeout=10)


def listens(port: int) -> bool:
    """Say whether somebody listens there."""
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


def wait_until(condition) -> None:
    """Wait for something that happens within half a minute, or never."""
    end = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)


@pytest.fixture(scope="module")
def database(tmp_path_factory) -> str:
    """Return the URL of a database that `migrate` has made."""
    url = f"sqlite:///{tmp_path_factory.mktemp('serve') / 'agio.sqlite3'}"
    done = manage("migrate", "--verbosity=0", AGIO_DATABASE_URL=url)
    assert done.returncode == 0, done.stderr
    return url


@contextmanager
def running(database: str, directory: Path) -> Iterator[Server]:
    """Run a server with two workers, in a session of its own, as a shell does."""
    port, _ = free_ports()
    log = directory / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*MANAGE, "serve", "--port", str(port), "--workers", "2"],
            env=environment({"AGIO_DATABASE_URL": database, "TMPDIR": str(directory)}),
            cwd=ROOT,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        wait_until(lambda: listens(port))
        yield Server(process, port, log)
    finally:
        process.kill()
        process.wait()
        wait_until(lambda: not listens(port))


@pytest.fixture
def server(database, tmp_path) -> Iterator[Server]:
    """Return a server that the test may end."""
    with running(database, tmp_path) as server:
        yield server


@pytest.fixture(scope="module")
def lasting(database, tmp_path_factory) -> Iterator[Server]:
    """Return a server that no test ends."""
    with running(database, tmp_path_factory.mktemp("lasting")) as server:
        yield server


def test_a_first_start_is_ready_and_makes_its_signing_keys(lasting):
    assert lasting.get("/readyz").text == "ready\n"
    assert len(lasting.get("/oauth2/jwks").json()["keys"]) >= 2


def test_files_for_browsers_are_cached_for_ever_under_names_with_a_hash(lasting):
    page = lasting.get("/sign-in/")

    path = re.search(r'href="(/static/css/base\.[0-9a-f]{12}\.css)"', page.text)[1]
    file = lasting.get(path)
    assert file.headers["Content-Type"].startswith("text/css")
    assert "immutable" in file.headers["Cache-Control"]


def test_no_query_string_is_logged(server):
    server.get("/healthz?subject_token=geheim")
    server.get("/nowhere?subject_token=geheim")
    server.process.terminate()
    server.process.wait(30)

    assert "geheim" not in server.log.read_text()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_to_all_ends_it_well_and_leaves_nothing(server, number, tmp_path):
    server.get("/healthz")

    os.killpg(server.process.pid, number)

    assert server.process.wait(30) == 0
    assert not listens(server.port)
    assert not list(tmp_path.glob("agio-static-*"))


def test_workers_end_when_the_server_is_killed(server):
    server.get("/healthz")

    server.process.kill()

    wait_until(lambda: not listens(server.port))
    assert server.process.wait(30) == -signal.SIGKILL


def test_a_busy_port_is_one_sentence(lasting, database):
    done = manage("serve", "--port", str(lasting.port), AGIO_DATABASE_URL=database)

    assert done.returncode == 1
    assert f"Cannot listen on 127.0.0.1 port {lasting.port}: Address already in use." in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_database_that_is_not_up_to_date_is_one_sentence(tmp_path):
    done = manage("serve", AGIO_DATABASE_URL=f"sqlite:///{tmp_path / 'empty.sqlite3'}")

    assert done.returncode == 1
    assert "run this first: python manage.py migrate" in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_workers_environment_holds_no_setting_that_a_request_could_carry():
    found = subprocess.run(
        [sys.executable, "-c", "import idp.wsgi, os; print(*os.environ)"],
        env=environment({}),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )

    assert "AGIO_" not in found.stdout
