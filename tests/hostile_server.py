"""A web server on loopback that misbehaves as told, byte by byte."""

import socket
import ssl
import threading
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field

type Behaviour = Callable[[socket.socket, threading.Event], None]


@dataclass
class Server:
    """A running server: how it behaves can be changed; it counts who came."""

    port: int
    behaviour: Behaviour
    scheme: str = "http"
    requests: list[bytes] = field(default_factory=list)
    connections: int = 0

    @property
    def url(self) -> str:
        """Return the address of the key set it pretends to have."""
        return f"{self.scheme}://127.0.0.1:{self.port}/jwks"


def answer(
    body: bytes, content_type: str = "application/json", status: str = "200 OK", *more: str
) -> Behaviour:
    """Answer properly."""
    head = [f"HTTP/1.1 {status}", f"Content-Type: {content_type}", f"Content-Length: {len(body)}"]
    response = "\r\n".join([*head, *more, "Connection: close", "", ""]).encode() + body
    return lambda client, stop: client.sendall(response)


def drip(response: bytes, *, after: bytes = b"", pause: float = 0.05) -> Behaviour:
    """Send a byte at a time, for ever; what comes before that at once."""

    def behave(client: socket.socket, stop: threading.Event) -> None:
        client.sendall(after)
        position = 0
        while not stop.wait(pause):
            client.sendall(response[position : position + 1] or b" ")
            position += 1

    return behave


def pour(head: bytes, piece: bytes) -> Behaviour:
    """Send the same piece without end."""

    def behave(client: socket.socket, stop: threading.Event) -> None:
        client.sendall(head)
        while not stop.is_set():
            client.sendall(piece)

    return behave


def silence(client: socket.socket, stop: threading.Event) -> None:
    """Accept, and say nothing."""
    stop.wait(20)


@contextmanager
def running(behaviour: Behaviour, *, tls: ssl.SSLContext | None = None, hang_tls: bool = False):
    """Run a server; it ends with the block, whatever its connections are doing."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=64)
    stop = threading.Event()
    scheme = "https" if tls or hang_tls else "http"
    server = Server(listener.getsockname()[1], behaviour, scheme)
    threading.Thread(target=_accept, args=(server, listener, stop, tls, hang_tls)).start()
    try:
        yield server
    finally:
        stop.set()
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()


def _accept(server, listener, stop, tls, hang_tls) -> None:
    while not stop.is_set():
        try:
            client, _address = listener.accept()
        except OSError:
            return
        server.connections += 1
        threading.Thread(target=_serve, args=(server, client, stop, tls, hang_tls)).start()


def _serve(server, client, stop, tls, hang_tls) -> None:
    try:
        with client:
            client.settimeout(10)
            if hang_tls:
                stop.wait(10)
                return
            stream = tls.wrap_socket(client, server_side=True) if tls else client
            with stream:
                server.requests.append(_request(stream))
                server.behaviour(stream, stop)
    except OSError:
        pass


def _request(stream: socket.socket) -> bytes:
    """Read a request, with the form that a POST brings in a segment of its own."""
    request = stream.recv(65_536)
    while request.startswith(b"POST ") and request.endswith(b"\r\n\r\n"):
        request += stream.recv(65_536)
    return request
