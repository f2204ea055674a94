"""Where the trusted issuer publishes its keys: one address on loopback, in a thread."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from tests import keys


class Jwks(BaseHTTPRequestHandler):
    """Answer every GET with the keys."""

    def do_GET(self) -> None:
        """Answer."""
        body = json.dumps(keys.jwks("RS256")).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def published_keys() -> Iterator[str]:
    """Publish the keys and yield their address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Jwks)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/jwks"
    finally:
        server.shutdown()
        server.server_close()
