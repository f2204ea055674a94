"""The two ports of the demo, from the environment, found free before anything starts."""

import socket
from collections.abc import Mapping
from dataclasses import dataclass

HOST = "127.0.0.1"


class PortRefused(Exception):
    """A port cannot be used; the text says which variable to set."""


@dataclass(frozen=True, slots=True)
class Ports:
    """Where the two servers listen."""

    agio: int
    acme: int


def read_ports(environment: Mapping[str, str]) -> Ports:
    """
    Return the ports that AGIO_PORT and ACME_PORT name: 8000 and 9000 where they do not.

    :raises PortRefused: where one is no port, is in use, or is the same as the other
    """
    ports = Ports(_read(environment, "AGIO_PORT", 8000), _read(environment, "ACME_PORT", 9000))
    if ports.agio == ports.acme:
        raise PortRefused("AGIO_PORT and ACME_PORT are the same: set them to different ports.")
    _check_free(ports.agio, "AGIO_PORT", "Agio")
    _check_free(ports.acme, "ACME_PORT", "Acme")
    return ports


def _read(environment: Mapping[str, str], name: str, default: int) -> int:
    text = environment.get(name, "").strip() or str(default)
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 65536):
        raise PortRefused(f"Set {name} to a port from 1 to 65535; it is {text!r}.")
    return int(text)


def _check_free(port: int, name: str, server: str) -> None:
    advice = f"set {name} to another port for {server}, as in: {name}={port + 1} make demo"
    with socket.socket() as listening, socket.socket() as calling:
        # Not all systems refuse to share a port with a listener on every address: so call it too.
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if calling.connect_ex((HOST, port)) == 0:
            raise PortRefused(f"Port {port} is in use: {advice}")
        try:
            listening.bind((HOST, port))
        except OSError as problem:
            reason = problem.strerror
            raise PortRefused(f"Port {port} cannot be used ({reason}): {advice}") from None
