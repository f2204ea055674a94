"""
Nothing leaks: whatever secret a test sends or is given must not be found afterwards.

Every test that posts to an endpoint is searched at its end: all tables, and all log lines as they
would have been written (AT-138).
"""

import json
import logging
from functools import cache
from typing import Any

from django.apps import apps
from django.db import connection

from idp.logs import JsonFormatter

SENT = (
    "subject_token",
    "actor_token",
    "client_secret",
    "client_assertion",
    "refresh_token",
    "token",
)
GIVEN = ("access_token", "refresh_token")
LONG_ENOUGH = 20  # characters: shorter ones are words that stand anywhere


class Watch:
    """The secrets of one test, and the log it wrote."""

    def __init__(self) -> None:
        self.secrets: set[str] = set()
        self.log: list[str] = []

    def note(self, name: str, value: Any) -> None:
        """Remember a secret that was sent."""
        if name in SENT and isinstance(value, str) and len(value) >= LONG_ENOUGH:
            self.secrets.add(value)

    def note_answer(self, body: bytes) -> None:
        """Remember the secrets of an answer."""
        try:
            members = json.loads(body)
        except ValueError:
            return
        for name in GIVEN:
            if isinstance(members, dict) and isinstance(members.get(name), str):
                self.secrets.add(members[name])

    def leaks(self) -> list[str]:
        """Return where a secret was found: a table, or the log."""
        if not self.secrets:
            return []
        places = {"the log": "\n".join(self.log)} | {table: content(table) for table in tables()}
        return [place for place, text in places.items() if any(s in text for s in self.secrets)]


@cache
def tables() -> list[str]:
    """Return the name of every table that a model has, also of those between two models."""
    models = apps.get_models(include_auto_created=True)
    return [model._meta.db_table for model in models if model._meta.managed]


def content(table: str) -> str:
    """Return all that a table holds, as the database has it."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608
        return "\n".join(_text(value) for row in cursor.fetchall() for value in row)


def _text(value: Any) -> str:
    if isinstance(value, bytes | memoryview):
        return bytes(value).decode("latin-1")
    return value if isinstance(value, str) else repr(value)


class Recorder(logging.Handler):
    """Keep every line as the product would have written it."""

    def __init__(self, watch: Watch) -> None:
        super().__init__()
        self.watch = watch
        self.setFormatter(JsonFormatter())

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the line."""
        self.watch.log.append(self.format(record))
