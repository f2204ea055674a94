"""Where the data lives: an SQLite file by default, PostgreSQL by URL."""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

SQLITE_OPTIONS = {
    # Writers queue for up to 20 s at BEGIN instead of failing in the middle of a transaction.
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-20000; "
    # Pages that many exchanges change are copied from the log once for all of them: 16 MB of it.
    "PRAGMA wal_autocheckpoint=4000",
}


def configure(url: str, base_dir: Path) -> dict[str, Any]:
    """
    Return Django's settings for the database at `url` (`sqlite:///…` or `postgresql://…`).

    :raises ImproperlyConfigured: for another scheme, without repeating the URL: it has a password
    """
    scheme = urlsplit(url).scheme if url else "sqlite"
    if scheme not in ("sqlite", "postgres", "postgresql"):
        raise ImproperlyConfigured("Set AGIO_DATABASE_URL to sqlite:///… or postgresql://….")
    found: dict[str, Any] = dict(
        dj_database_url.parse(url or f"sqlite:///{base_dir / 'agio.sqlite3'}")
    )
    if scheme == "sqlite":
        found["OPTIONS"] = SQLITE_OPTIONS | found.get("OPTIONS", {})
    found["CONN_MAX_AGE"] = None
    found["CONN_HEALTH_CHECKS"] = scheme != "sqlite"
    return found
