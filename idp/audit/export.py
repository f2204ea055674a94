"""The audit log as CSV, for people who open it in a spreadsheet."""

import csv
import json
from collections.abc import Iterator
from typing import Any
from unicodedata import category, normalize

from django.db.models import QuerySet

from idp.models import AuditEvent

COLUMNS = (
    "id",
    "at",
    "actor_name",
    "actor_id",
    "action",
    "target_kind",
    "target_id",
    "target_name",
    "before",
    "after",
    "remote_address",
    "request_id",
)
CHUNK = 500  # rows in memory
FORMULA = frozenset("=+-@\N{MINUS SIGN}")
CONTROLS = ("\t", "\r", "\n")
INVISIBLE = ("Z", "C")  # Unicode's separators and control characters


class _Line:
    """What csv writes to; it gives the line back."""

    def write(self, line: str) -> str:
        return line


def rows(events: QuerySet[AuditEvent]) -> Iterator[str]:
    """Yield the heading, and each entry, as a line of CSV (RFC 4180); few rows are in memory."""
    # All cells in quotes: a spreadsheet that separates at semicolons must not find any others.
    writer = csv.writer(_Line(), quoting=csv.QUOTE_ALL)
    yield writer.writerow(COLUMNS)
    for event in events.iterator(chunk_size=CHUNK):
        yield writer.writerow([_cell(getattr(event, column)) for column in COLUMNS])


def _cell(value: Any) -> str:
    if isinstance(value, dict):
        value = json.dumps(value, ensure_ascii=False)
    elif hasattr(value, "isoformat"):
        value = value.isoformat()
    return harmless("" if value is None else str(value))


def harmless(text: str) -> str:
    """Put a quote before what a spreadsheet would compute (OWASP, CSV injection)."""
    first = next((char for char in text if category(char)[0] not in INVISIBLE), "")
    # NFKC makes of full-width, small and raised signs the plain one, as spreadsheets do.
    is_formula = not FORMULA.isdisjoint(normalize("NFKC", first)) or text.startswith(CONTROLS)
    return f"'{text}" if is_formula else text
