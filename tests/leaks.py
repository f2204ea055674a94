"""
Nothing leaks: whatever secret a test sends or is given must not be found afterwards.

Every test that posts to an endpoint is searched at its end: all tables, and all log lines as they
would have been written (AT-138).
"""

import json
import logging
from typing import Any

from django.apps import apps
from django.core import serializers

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
        places = {"the log": "\n".join(self.log)} | {
            model._meta.db_table: serializers.serialize("json", model._default_manager.all())
            for model in apps.get_models()
        }
        return [place for place, text in places.items() if any(s in text for s in self.secrets)]


class Recorder(logging.Handler):
    """Keep every line as the product would have written it."""

    def __init__(self, watch: Watch) -> None:
        super().__init__()
        self.watch = watch
        self.setFormatter(JsonFormatter())

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the line."""
        self.watch.log.append(self.format(record))
