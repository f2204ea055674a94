"""`make demo`: what it prints works when it is pasted, and nothing is left when it ends."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from tests.ports import free_ports

ROOT = Path(__file__).resolve().parent.parent
COMMAND = (sys.executable, "-m", "idp.demo")
TITLE = re.compile(r"\d\. .*\.")
LONG_ENOUGH = 120  # seconds


def shell(commands: str) -> str:
    """Return what commands print when they are pasted into a terminal."""
    bash = ["bash", "-c", commands]
    pasted = subprocess.run(bash, capture_output=True, text=True, timeout=LONG_ENOUGH)
    return pasted.stdout


def descendants(pid: int) -> set[int]:
    """Return the processes that a process started, and those that they started."""
    listed = shell("ps -A -o pid=,ppid=").splitlines()
    pairs = [tuple(map(int, line.split())) for line in listed]
    found, size = {pid}, 0
    while len(found) > size:
        size = len(found)
        found |= {child for child, parent in pairs if parent in found}
    return found - {pid}


def is_running(pid: int) -> bool:
    """Say whether a process is there and not only waiting to be reaped."""
    return shell(f"ps -o stat= -p {pid}").strip()[:1] not in ("", "Z")


class Demo:
    """A running demo, and what it printed."""

    def __init__(self, process: subprocess.Popen[str], ports: tuple[int, int]) -> None:
        self.process = process
        self.agio_port, self.acme_port = ports
        self.printed = "".join(self._read())
        self.processes = descendants(process.pid)

    def commands(self, title: str) -> str:
        """Return the commands under the title that begins so, exactly as they are printed."""
        paragraphs = self.printed.split("\n\n")
        (index,) = [i for i, text in enumerate(paragraphs) if re.match(rf"\d\. {title}", text)]
        return paragraphs[index + 1]

    def paste(self, title: str) -> dict[str, Any]:
        """Run those commands and return the JSON that the last of them prints."""
        return json.loads(shell(self.commands(title)))

    def end(self, number: int) -> tuple[int, str]:
        """Send a signal as a terminal does; return the exit code and what was complained about."""
        os.killpg(self.process.pid, number)
        _rest, complaint = self.process.communicate(timeout=LONG_ENOUGH)
        return self.process.returncode, complaint

    def _read(self) -> Iterator[str]:
        for line in self.process.stdout:
            yield line
            if "Ctrl-C" in line:
                return
        raise AssertionError(f"The demo ended: {self.process.communicate()[1]}")


@contextmanager
def running_demo(directory: Path) -> Iterator[Demo]:
    """Run the demo on free ports, with its temporary files in the directory."""
    ports = free_ports()
    with start(demo_environment(ports, directory)) as process:
        try:
            yield Demo(process, ports)
        finally:
            if process.poll() is None:
                process.terminate()
                process.communicate(timeout=LONG_ENOUGH)


def demo_environment(ports: tuple[int, int], directory: Path) -> dict[str, str]:
    """Return an environment with these ports, and with settings of another Agio."""
    return os.environ | {
        "AGIO_PORT": str(ports[0]),
        "ACME_PORT": str(ports[1]),
        "TMPDIR": str(directory),
        "AGIO_ISSUER": "https://id.ours.example",
        "AGIO_DATABASE_URL": "postgresql://nobody@nowhere.invalid/nothing",
    }


def start(environment: dict[str, str]) -> subprocess.Popen[str]:
    """Start the demo."""
    return subprocess.Popen(
        COMMAND,
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    directory = tmp_path_factory.mktemp("demo")
    with running_demo(directory) as demo:
        yield demo
        assert_ends_well(demo, directory, signal.SIGTERM, 128 + signal.SIGTERM)


def assert_ends_well(demo: Demo, directory: Path, number: int, exit_code: int) -> None:
    """End a demo by a signal to all of its processes; make sure that nothing is left."""
    assert len(demo.processes) >= 2
    assert list(directory.iterdir()) != []
    assert demo.end(number) == (exit_code, "")
    assert not any(map(is_running, demo.processes))
    assert list(directory.iterdir()) == []


def introspected(demo: Demo, title: str) -> dict[str, Any]:
    """Paste an exchange, and return what the printed introspection says of its token."""
    _first, introspection = demo.commands("What is in a token").split("\ncurl ")
    token = demo.paste(title)["access_token"]
    return json.loads(shell(f"TOKEN={token}\ncurl {introspection}"))


def is_uuid(text: str) -> bool:
    return str(UUID(text)) == text


def test_every_pasted_command_is_answered_in_json(demo):
    titles = [match[3:-1] for match in TITLE.findall(demo.printed)]
    answers = {title: demo.paste(re.escape(title)) for title in titles}
    refused = [title for title, answer in answers.items() if "error" in answer]
    assert len(titles) == 9
    assert refused == [title for title in titles if title.endswith("refused")]


def test_linked_account_gets_a_token_for_the_account(demo):
    claims = introspected(demo, "Ann has")
    assert is_uuid(claims["sub"])
    assert claims["email"] == "ann@ours.example"
    assert "sub_id" not in claims


def test_person_without_account_gets_a_token_for_the_federated_identity(demo):
    claims = introspected(demo, "Ben has")
    acme = f"http://127.0.0.1:{demo.acme_port}"
    assert claims["sub"] == "248289761002"
    assert claims["sub_id"] == {"format": "iss_sub", "iss": acme, "sub": "248289761002"}


def test_person_with_a_verified_address_is_linked_by_the_first_exchange(demo):
    claims = introspected(demo, "Cho has")
    assert is_uuid(claims["sub"])
    assert claims["email"] == "cho@ours.example"


def test_token_for_another_server_is_refused_with_the_printed_words(demo):
    answer = demo.paste("A token that Acme made for another server")
    assert answer["error"] == "invalid_request"
    assert "is not intended for this server" in answer["error_description"]
    assert "400 invalid_request: it is not intended for this server." in demo.printed


def test_application_that_mandates_an_account_refuses_a_person_without(demo):
    answer = demo.paste("Payroll takes only")
    assert answer["error"] == "invalid_request"
    assert "Ben" not in answer["error_description"]


def test_introspection_says_active(demo):
    claims = demo.paste("What is in a token")
    assert claims["active"] is True
    assert claims["iss"] == f"http://127.0.0.1:{demo.agio_port}"
    assert claims["client_id"] == "orders"


def test_refresh_token_gets_another_access_token(demo):
    answer = demo.paste("A refresh token")
    assert answer["token_type"] == "Bearer"
    assert answer["access_token"]
    assert answer["refresh_token"]


def test_administrators_password_is_printed(demo):
    assert re.search(r"administrator +admin, password \S{20} ", demo.printed)


def test_signal_ends_everything_and_leaves_nothing(tmp_path):
    with running_demo(tmp_path) as demo:  # the demo of the other tests is ended by SIGTERM
        assert_ends_well(demo, tmp_path, signal.SIGINT, 0)


def test_signal_during_the_start_ends_everything(tmp_path):
    with start(demo_environment(free_ports(), tmp_path)) as process:
        assert process.stdout.readline() == "Starting Agio and Acme ...\n"
        while not (started := descendants(process.pid)):
            pass
        os.killpg(process.pid, signal.SIGINT)
        _rest, complaint = process.communicate(timeout=LONG_ENOUGH)
    assert (process.returncode, complaint) == (0, "")
    assert not any(map(is_running, started))
    assert list(tmp_path.iterdir()) == []


def test_end_of_one_server_ends_the_other_and_is_told(tmp_path):
    with running_demo(tmp_path) as demo:
        acme = next(pid for pid in demo.processes if "acme.py" in shell(f"ps -o args= -p {pid}"))
        os.kill(acme, signal.SIGKILL)
        _rest, complaint = demo.process.communicate(timeout=LONG_ENOUGH)
        assert demo.process.returncode == 1
        assert complaint.startswith("acme ended")
        assert not any(map(is_running, demo.processes))


@pytest.mark.parametrize("name", ["AGIO_PORT", "ACME_PORT"])
def test_busy_port_is_one_sentence_that_names_the_variable(name, tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        complaint = refused_start(tmp_path, {name: port})
    assert complaint.startswith(f"Port {port} is in use: set {name} to another port")
    assert complaint.count("\n") == 1


@pytest.mark.parametrize("port", ["0", "65536", "eight thousand", "-1"])
def test_port_that_is_none_is_one_sentence(port, tmp_path):
    complaint = refused_start(tmp_path, {"AGIO_PORT": port})
    assert complaint == f"Set AGIO_PORT to a port from 1 to 65535; it is '{port}'.\n"


def test_one_port_for_both_is_one_sentence(tmp_path):
    complaint = refused_start(tmp_path, {"AGIO_PORT": "8123", "ACME_PORT": "8123"})
    assert complaint == ("AGIO_PORT and ACME_PORT are the same: set them to different ports.\n")


def refused_start(directory: Path, changes: dict[str, str]) -> str:
    """Start the demo where it cannot; return what it says, and see that it started nothing."""
    with start(demo_environment(free_ports(), directory) | changes) as process:
        printed, complaint = process.communicate(timeout=LONG_ENOUGH)
    assert (process.returncode, printed) == (1, "")
    assert list(directory.iterdir()) == []
    return complaint
