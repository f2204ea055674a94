"""Two servers, started alike: Agio, and the toolkit as it comes."""

import json
import os
import secrets
import socket
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.request import ProxyHandler, build_opener

from joserfc.jwk import KeySet

from idp.demo.processes import Processes
from tests import keys
from tests.bench.databases import NAMES
from tests.bench.scenarios import SECRET, configuration
from tests.ports import free_ports

# What a request costs, not how threads get into each other's way; others are worth comparing.
THREADS = {"AGIO_THREADS": "1"}
SECRET_KEY = secrets.token_urlsafe(48)
MANAGE = (sys.executable, "manage.py")
CREATE_CLIENT = (
    *(*MANAGE, "createapplication", "confidential", "client-credentials"),
    *("--client-id", "bench-ES256", "--client-secret", SECRET),
)
SERVE = {
    "agio": (*MANAGE, "serve"),
    "toolkit": (sys.executable, "-m", "tests.bench.toolkit"),
}


@dataclass(frozen=True, slots=True)
class Servers:
    """Port and process group of each server, and the keys that Agio publishes."""

    ports: Mapping[str, int]
    groups: Mapping[str, int]
    keys: KeySet


def start(
    processes: Processes, databases: Mapping[str, str], jwks_uri: str, *, workers: int
) -> Servers:
    """
    Set both up on their databases and return them when they answer.

    :raises Failed: where one does not
    """
    _prepare(processes, databases, jwks_uri)
    ports = dict(zip(NAMES, free_ports(), strict=True))
    for name, port in ports.items():
        options = ("--port", str(port), "--workers", str(workers))
        processes.serve(name, [*SERVE[name], *options], environment(name, databases))
        processes.wait_until(lambda port=port: _listens(port), f"{name} was not ready")
    groups = {child.name: child.process.pid for child in processes.children}
    return Servers(ports, groups, published_keys(ports["agio"]))


def environment(name: str, databases: Mapping[str, str]) -> Mapping[str, str]:
    """Return ours, as for production; what it says about another Agio is left out."""
    given = THREADS | os.environ
    kept = {key: value for key, value in given.items() if key in THREADS or "AGIO_" not in key}
    settings = {"agio": "idp.settings", "toolkit": "tests.bench.toolkit.settings"}
    return kept | {
        "DJANGO_SETTINGS_MODULE": settings[name],
        "AGIO_ISSUER": keys.AUDIENCE,
        "AGIO_SECRET_KEY": SECRET_KEY,
        "AGIO_DATABASE_URL": databases[name],
        "AGIO_ALLOW_LOCAL_ISSUERS": "1",  # the issuer's keys come from loopback
        # The mix fails on purpose, more often than a stranger may: failures are counted all along.
        "AGIO_CLIENT_FAILURES": "1000000",
        "AGIO_ADDRESS_FAILURES": "1000000",
    }


def _prepare(processes: Processes, databases: Mapping[str, str], jwks_uri: str) -> None:
    file = processes.directory / "bench.yaml"
    file.write_text(configuration(jwks_uri))
    for name in NAMES:
        processes.run("migrate", [*MANAGE, "migrate"], environment(name, databases))
    processes.run("apply", [*MANAGE, "apply", str(file)], environment("agio", databases))
    processes.run("createapplication", CREATE_CLIENT, environment("toolkit", databases))


def published_keys(port: int) -> KeySet:
    """Return the keys by which the server's tokens are verified."""
    directly = build_opener(ProxyHandler({}))
    with directly.open(f"http://127.0.0.1:{port}/oauth2/jwks") as response:
        return KeySet.import_key_set(json.load(response))


def _listens(port: int) -> bool:
    with socket.socket() as calling:
        return calling.connect_ex(("127.0.0.1", port)) == 0
