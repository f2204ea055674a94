"""What every test has: no way out to the network."""

import gc
import ipaddress
import socket
from typing import Any

import pytest
from django.db import connection

from tests.scheduling import Scheduling

DATABASE = {"db", "transactional_db", "live_server"}


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let `make screenshots` say where the pictures go."""
    parser.addoption("--pictures", help="folder for a picture of each page of the console")


@pytest.hookimpl(optionalhook=True)  # pytest-xdist's
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Scheduling:
    """Share out tests by tests/scheduling.py, in their order: browsers come last."""
    config.option.loadscopereorder = False
    return Scheduling(config, log)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what is about the other database, and on the second what asks no database."""
    others = {item for item in items if not belongs(item, connection.vendor)}
    config.hook.pytest_deselected(items=list(others))
    items[:] = [item for item in items if item not in others]


def pytest_collection_finish() -> None:
    """Leave the tests, and all that they import, out of each garbage collection."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 50, 50)


def belongs(item: pytest.Item, vendor: str) -> bool:
    """
    Say whether a test is one for this database: `@pytest.mark.only("sqlite")` says so, or not.

    To a test that does not ask for the database, pytest-django opens none: on PostgreSQL it would
    only repeat what it did on SQLite.
    """
    if mark := item.get_closest_marker("only"):
        return vendor in mark.args
    return vendor == "sqlite" or asks_database(item)


def asks_database(item: pytest.Item) -> bool:
    """Say whether a test asks for the database, itself or by one of its fixtures."""
    by_fixture = DATABASE & set(getattr(item, "fixturenames", ()))
    return bool(by_fixture or item.get_closest_marker("django_db"))


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
