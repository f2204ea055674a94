"""Agio and Acme: started on a database that is empty, and set up from demo.yaml."""

import os
import secrets
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from urllib.error import URLError
from urllib.parse import quote, urlencode

# Both ends are ours and on loopback; connections/fetch.py is for addresses of strangers.
from urllib.request import ProxyHandler, build_opener  # noqa: TID251

from idp.demo.ports import HOST, Ports
from idp.demo.processes import Processes

HERE = Path(__file__).resolve().parent
MANAGE = HERE.parent.parent / "manage.py"
CONFIGURATION = HERE / "demo.yaml"

_opener = build_opener(ProxyHandler({}))


@dataclass(frozen=True, slots=True)
class Servers:
    """The servers by their issuer names, which are their addresses, and the secrets of this run."""

    agio: str
    acme: str
    orders_secret: str
    payroll_secret: str
    shop_secret: str
    people_password: str
    administrator_password: str

    def acme_token(self, person: str, **options: str) -> str:
        """Return a token of Acme about a person; the options are those of its /token."""
        return _get(f"{self.acme}/token?{urlencode({'person': person} | options)}").strip()


def start(ports: Ports, processes: Processes) -> Servers:
    """
    Start both servers and return them when they are ready.

    :raises Failed: where one does not start
    :raises Stopped: where a signal says so
    """
    servers = Servers(
        agio=f"http://{HOST}:{ports.agio}",
        acme=f"http://{HOST}:{ports.acme}",
        orders_secret=secrets.token_hex(16),
        payroll_secret=secrets.token_hex(16),
        shop_secret=secrets.token_hex(16),
        people_password=secrets.token_urlsafe(12),
        administrator_password=secrets.token_urlsafe(15),
    )
    environment = _environment(servers, processes.directory)
    acme = [str(HERE / "acme.py"), "--port", str(ports.acme), "--audience", servers.agio]
    processes.serve("acme", [sys.executable, *acme], environment)
    manage = [sys.executable, str(MANAGE)]
    # The checks are made when the server starts: here they would only take time.
    processes.run("migrate", [*manage, "migrate", "--skip-checks"], environment)
    # Compressed and under lasting names, as in production; AGIO_DEBUG would serve them as they are.
    processes.run("collectstatic", [*manage, "collectstatic", "--no-input", "-v0"], environment)
    # Agio can be configured while it runs, so that both start at the same time.
    serve = ["serve", "--host", HOST, "--port", str(ports.agio), "--workers", "1"]
    processes.serve("agio", [*manage, *serve], environment)
    processes.run("apply", [*manage, "apply", str(CONFIGURATION)], environment)
    for name, address in (("Acme", f"{servers.acme}/jwks"), ("Agio", f"{servers.agio}/readyz")):
        processes.wait_until(partial(_answers, address), f"{name} was not ready")
    return servers


def _environment(servers: Servers, directory: Path) -> Mapping[str, str]:
    """Return ours, without what it says about another Agio, and with what demo.yaml asks for."""
    others = ("AGIO_", "DJANGO_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(others)}
    return kept | {
        "AGIO_DEBUG": "1",
        "AGIO_ALLOW_LOCAL_ISSUERS": "1",
        "AGIO_ISSUER": servers.agio,
        "AGIO_SECRET_KEY": secrets.token_urlsafe(48),
        "AGIO_DATABASE_URL": f"sqlite:///{quote(str(directory / 'agio.sqlite3'))}",
        "AGIO_STATIC_ROOT": str(directory / "static"),
        "ACME_ISSUER": servers.acme,
        "ACME_JWKS_URI": f"{servers.acme}/jwks",
        "ACME_AUTHORIZATION_ENDPOINT": f"{servers.acme}/authorize",
        "ACME_TOKEN_ENDPOINT": f"{servers.acme}/code",
        "ACME_CLIENT_SECRET": secrets.token_hex(16),
        "ORDERS_SECRET": servers.orders_secret,
        "PAYROLL_SECRET": servers.payroll_secret,
        "SHOP_SECRET": servers.shop_secret,
        "PEOPLE_PASSWORD": servers.people_password,
        "ADMINISTRATOR_PASSWORD": servers.administrator_password,
        "PYTHONUNBUFFERED": "1",
        "TMPDIR": str(directory),  # goes with it, whatever else happens
    }


def _answers(url: str) -> bool:
    try:
        _get(url)
    except (URLError, OSError):
        return False
    return True


def _get(url: str) -> str:
    with _opener.open(url, timeout=5) as response:
        text: str = response.read().decode()
    return text
