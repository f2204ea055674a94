"""Processes that end together: when one of them ends, when we are told to stop, or when we fail."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from idp.demo.stop import StopRequest

PAUSE = 0.05  # seconds between two looks
PATIENCE = 5  # seconds that a process has to end before it is killed
LAST_WORDS = 15  # lines


class Failed(Exception):
    """A process ended that should not have, or did not do what it was started for."""


@dataclass(frozen=True, slots=True)
class Child:
    """A process of ours; `expected` is the exit code with which it may end, None for a server."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path
    expected: int | None

    @property
    def has_failed(self) -> bool:
        """Say whether it ended as it should not."""
        return self.process.poll() not in (None, self.expected)

    def last_words(self) -> str:
        """Return the end of what it said."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-LAST_WORDS:])


class Processes:
    """Processes with their output in log files; the end of the `with` block is the end of all."""

    def __init__(self, directory: Path, stop: StopRequest) -> None:
        self.directory = directory
        self.stop = stop
        self.children: list[Child] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        running = [child.process for child in self.children if child.process.poll() is None]
        for process in running:
            process.terminate()
        for process in running:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(PATIENCE)
            _kill_group(process)

    def serve(self, name: str, command: Sequence[str], environment: Mapping[str, str]) -> None:
        """Start a server."""
        self._start(name, command, environment, expected=None)

    def run(self, name: str, command: Sequence[str], environment: Mapping[str, str]) -> None:
        """Run a command to its end. :raises Failed: where its exit code is not 0"""
        child = self._start(name, command, environment, expected=0)
        self.wait_until(lambda: child.process.poll() == 0, f"{name} did not end")

    def wait_until(self, ready: Callable[[], bool], otherwise: str, *, seconds: int = 120) -> None:
        """
        Look until it is ready.

        :raises Failed: with `otherwise` when the time is up, and where a process failed meanwhile
        """
        deadline = time.monotonic() + seconds
        while not ready():
            self.check()
            if time.monotonic() > deadline:
                raise Failed(f"{otherwise} within {seconds} seconds.")
            time.sleep(PAUSE)

    def watch(self) -> None:
        """Look on until somebody says stop or a process ends: raises Stopped or Failed."""
        while True:
            self.check()
            time.sleep(PAUSE)

    def check(self) -> None:
        """:raises Stopped: :raises Failed: where there is a reason to go on no longer"""
        self.stop.check()
        for child in self.children:
            if child.has_failed:
                code = child.process.returncode
                raise Failed(f"{child.name} ended (exit code {code}).\n{child.last_words()}")

    def _start(
        self,
        name: str,
        command: Sequence[str],
        environment: Mapping[str, str],
        *,
        expected: int | None,
    ) -> Child:
        log = self.directory / f"{name}.log"
        with log.open("wb") as output:
            process = subprocess.Popen(  # noqa: S603  commands of this package
                command,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                process_group=0,  # a Ctrl-C is for us: we end them in order
            )
        child = Child(name, process, log, expected)
        self.children.append(child)
        return child


def _kill_group(process: subprocess.Popen[bytes]) -> None:
    """Kill what is left of a process and of the processes that it started."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
