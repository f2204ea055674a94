"""A canary: whoever is looked up is about to be asked for something."""

import socket

import pytest


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the names that the product looks up, other than this machine's; none is found."""
    asked: list[str] = []
    look_up = socket.getaddrinfo

    def getaddrinfo(host, *args, **kwargs):
        if host in ("127.0.0.1", "localhost"):
            return look_up(host, *args, **kwargs)
        asked.append(host)
        raise OSError("nobody there")

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return asked
