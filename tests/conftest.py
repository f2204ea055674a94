"""What every test has: no way out to the network."""

import ipaddress
import socket
from typing import Any

import pytest
from django.db import connection


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let `make screenshots` say where the pictures go."""
    parser.addoption("--pictures", help="folder for a picture of each page of the console")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what is about the other database: `@pytest.mark.only("sqlite")`."""
    others = [
        item
        for item in items
        if (mark := item.get_closest_marker("only")) and connection.vendor not in mark.args
    ]
    config.hook.pytest_deselected(items=others)
    items[:] = [item for item in items if item not in others]


def is_loopback(address: Any) -> bool:
    """Tell whether a socket address stays on this machine."""
    if not isinstance(address, tuple):
        return True
    try:
        return ipaddress.ip_address(address[0]).is_loopback
    except ValueError:
        return address[0] == "localhost"


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make every connection to another machine an error."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if not is_loopback(address):
            raise AssertionError(f"A test tried to reach {address!r}.")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


pytest_plugins = ["tests.fixtures"]
