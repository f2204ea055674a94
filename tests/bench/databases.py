"""Two databases for one run: SQLite files, or on the PostgreSQL server of AGIO_DATABASE_URL."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote, urlsplit

import psycopg

NAMES = ("agio", "toolkit")


@contextmanager
def fresh_databases(directory: Path) -> Iterator[dict[str, str]]:
    """Yield a URL for each of NAMES; what is at these URLs is gone afterwards."""
    server = os.environ.get("AGIO_DATABASE_URL", "")
    if not server.startswith("postgres"):
        yield {name: f"sqlite:///{quote(str(directory / name))}.sqlite3" for name in NAMES}
        return
    made = {name: f"bench_{name}_{secrets.token_hex(4)}" for name in NAMES}
    with psycopg.connect(server, autocommit=True) as administration:
        for database in made.values():
            administration.execute(f"CREATE DATABASE {database}")
        try:
            parts = urlsplit(server)
            yield {name: parts._replace(path=f"/{made[name]}").geturl() for name in NAMES}
        finally:
            for database in made.values():
                administration.execute(f"DROP DATABASE {database} WITH (FORCE)")
