"""Being told to stop, by Ctrl-C or otherwise."""

import signal
from types import FrameType


class Stopped(Exception):
    """We were told to stop."""


class StopRequest:
    """
    Whether a signal told us to stop.

    A handler that raised could do so between the start of a process and our knowing of it; this
    one takes a note, which is read where it is safe to leave.
    """

    SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

    def __init__(self) -> None:
        self.signal: int | None = None

    def listen(self) -> None:
        """Take note of signals from now on, instead of dying of them."""
        for number in self.SIGNALS:
            signal.signal(number, self._note)

    def check(self) -> None:
        """:raises Stopped: where a signal has come"""
        if self.signal is not None:
            raise Stopped

    def _note(self, number: int, _frame: FrameType | None) -> None:
        self.signal = number
