"""Ports for servers that tests start."""

import socket


def free_ports() -> tuple[int, int]:
    """Return two different ports on which nobody listens."""
    with socket.socket() as one, socket.socket() as other:
        for listener in (one, other):
            listener.bind(("127.0.0.1", 0))
        return one.getsockname()[1], other.getsockname()[1]
