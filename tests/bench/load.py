"""
The load generator: sends given requests over a few connections that stay open, one after another.

`python -m tests.bench.load` reads a plan from standard input, `{"port", "connections", "requests"}`
with each request as it goes over the wire, and writes what it saw: the seconds that all took, the
share of them in which this process was busy, and of each request `[seconds, status, body]`.
"""

import json
import selectors
import socket
import sys
import time
from collections.abc import Iterator, Sequence

type Seen = tuple[float, int, str]

PATIENCE = 60  # seconds without any answer


class Line:
    """A connection with one request under way at a time."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.index = -1
        self.sent_at = 0.0
        self.received = b""

    def send(self, index: int, request: bytes) -> None:
        """Send a request."""
        self.index, self.received, self.sent_at = index, b"", time.perf_counter()
        self.socket.sendall(request)

    def receive(self) -> Seen | None:
        """Return the answer if it is complete."""
        part = self.socket.recv(65_536)
        if not part:
            raise ConnectionError("The server closed a connection that should stay open.")
        self.received += part
        head, end, body = self.received.partition(b"\r\n\r\n")
        if not end or len(body) < content_length(head):
            return None
        return time.perf_counter() - self.sent_at, int(head[9:12]), body.decode()


def content_length(head: bytes) -> int:
    """Return how long the body is."""
    _before, _name, after = head.lower().partition(b"\r\ncontent-length:")
    return int(after.partition(b"\r\n")[0])


def run(lines: Sequence[Line], requests: Sequence[bytes]) -> dict[int, Seen]:
    """Send each request once, on whichever line is free; return what was seen of each."""
    waiting: Iterator[tuple[int, bytes]] = iter(enumerate(requests))
    seen: dict[int, Seen] = {}
    with selectors.DefaultSelector() as selector:
        for line, (index, request) in zip(lines, waiting, strict=False):
            selector.register(line.socket, selectors.EVENT_READ, line)
            line.send(index, request)
        while len(seen) < len(requests):
            ready = selector.select(PATIENCE)
            if not ready:
                raise TimeoutError("The server has stopped answering.")
            for key, _events in ready:
                line = key.data
                if answer := line.receive():
                    seen[line.index] = answer
                    if following := next(waiting, None):
                        line.send(*following)
    return seen


def main() -> None:
    """Carry out the plan."""
    plan = json.load(sys.stdin)
    requests = [request.encode() for request in plan["requests"]]
    lines = [Line(plan["port"]) for _ in range(min(plan["connections"], len(requests)))]
    began, busy = time.perf_counter(), time.process_time()
    seen = run(lines, requests)
    seconds, busy = time.perf_counter() - began, time.process_time() - busy
    answers = [seen[index] for index in range(len(requests))]
    json.dump({"seconds": seconds, "busy": busy / seconds, "answers": answers}, sys.stdout)


if __name__ == "__main__":
    main()
