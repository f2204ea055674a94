"""
What keeps a fetch inside its bounds: one checked address, and a deadline nobody can stretch.

The name is resolved once and the connection goes to exactly the address that was checked, so that
an answer that changes in between gains nothing (DNS rebinding, AT-076). At the deadline the socket
is shut from outside: a server that sends a byte per second would outlast any read timeout.
"""

import ipaddress
import queue
import socket
import ssl
import threading
import time
from contextlib import suppress
from typing import Any, Self

import requests.adapters
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection

type Address = ipaddress.IPv4Address | ipaddress.IPv6Address

# Of IPv6 only what is given out to the public; of that, 6to4 leads to an IPv4 address, which the
# first releases of Python 3.12 call global.
GIVEN_OUT = ipaddress.IPv6Network("2000::/3")
SIX_TO_FOUR = ipaddress.IPv6Network("2002::/16")
# Where a network has only IPv6, its resolver wraps the address of every IPv4 host (RFC 6052).
NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
LOCAL_NAMES = ("localhost", "127.0.0.1", "::1")


class NotPublic(OSError):
    """The name leads to an address inside."""


class OutOfTime(OSError):
    """The fetch has had all the time it may have."""


class Guard:
    """The bounds of one fetch. A context manager: leaving it frees whatever the fetch held."""

    def __init__(self, connect: float, total: float, *, allow_local: bool) -> None:
        self.connect_timeout = connect
        self.total = total
        self.allow_local = allow_local
        self.deadline = time.monotonic() + total
        self._sockets: list[socket.socket] = []
        self._timer = threading.Timer(total, self._shut)
        self._timer.daemon = True

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()
        for sock in self._sockets:
            sock.close()

    @property
    def is_over(self) -> bool:
        """Say whether the deadline has passed."""
        return time.monotonic() >= self.deadline

    def check(self) -> None:
        """Raise OutOfTime after the deadline."""
        if self.is_over:
            raise OutOfTime(f"It did not answer within {self.total:g} seconds.")

    def connect(self, host: str, port: int) -> socket.socket:
        """
        Return a connection to the first address of the host that answers, if all are public.

        Raises NotPublic, OutOfTime, and OSError where nobody answers.
        """
        addresses = self._resolve(host, port)
        for *_kind, address in addresses:
            if not self._is_allowed(host, address[0]):
                raise NotPublic("Its name leads to an address inside a private network.")
        problem = OSError("The name has no address.")
        for family, kind, protocol, _name, address in addresses:
            self.check()
            try:
                return self._open(socket.socket(family, kind, protocol), address)
            except OSError as reason:
                problem = reason
        raise problem

    def _open(self, sock: socket.socket, address: Any) -> socket.socket:
        sock.settimeout(min(self.connect_timeout, max(0.01, self.deadline - time.monotonic())))
        try:
            sock.connect(address)
            self._sockets.append(sock.dup())  # TLS takes the socket itself over
            self.check()  # the deadline may have come before there was anything to shut
        except BaseException:
            sock.close()
            raise
        return sock

    def _resolve(self, host: str, port: int) -> list[Any]:
        """Resolve the name in a thread of its own: the resolver knows no timeout."""
        answers: queue.Queue[Any] = queue.Queue()

        def ask() -> None:
            try:
                answers.put(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
            except OSError as problem:
                answers.put(problem)
            except UnicodeError:  # of a label that is empty or too long
                answers.put(OSError("It is not a host name."))

        threading.Thread(target=ask, daemon=True).start()
        try:
            answer = answers.get(timeout=max(0.01, self.deadline - time.monotonic()))
        except queue.Empty:
            raise OutOfTime("Its name could not be resolved in time.") from None
        if isinstance(answer, OSError):
            raise answer
        return list(answer)

    def _is_allowed(self, host: str, text: str) -> bool:
        address = ipaddress.ip_address(text.partition("%")[0])
        if self.allow_local and host in LOCAL_NAMES:
            return address.is_loopback
        return is_public(address)

    def _shut(self) -> None:
        for sock in self._sockets:
            with suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)


def is_public(address: Address) -> bool:
    """Say whether an address is on the public internet, and does not lead back inside."""
    if isinstance(address, ipaddress.IPv6Address):
        if address in NAT64:
            return is_public(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
        if address not in GIVEN_OUT or address in SIX_TO_FOUR:
            return False
    return address.is_global and not address.is_multicast


class GuardedAdapter(requests.adapters.HTTPAdapter):
    """Let requests connect through a guard."""

    def __init__(self, guard: Guard) -> None:
        self.guard = guard
        super().__init__(max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Make pools whose connections are the guard's."""
        super().init_poolmanager(*args, **kwargs)
        guard = self.guard

        class Plain(HTTPConnection):
            def _new_conn(self) -> socket.socket:
                return guard.connect(self.host, self.port)

        class Secure(HTTPSConnection):
            def _new_conn(self) -> socket.socket:
                return guard.connect(self.host, self.port)

        class PlainPool(HTTPConnectionPool):
            ConnectionCls = Plain

        class SecurePool(HTTPSConnectionPool):
            ConnectionCls = Secure

        manager: PoolManager = self.poolmanager
        manager.pool_classes_by_scheme = {"http": PlainPool, "https": SecurePool}
        manager.connection_pool_kw["ssl_minimum_version"] = ssl.TLSVersion.TLSv1_2
