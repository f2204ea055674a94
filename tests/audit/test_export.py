"""The log as CSV: whole, harmless in a spreadsheet, and a few rows at a time."""

import csv
from io import StringIO

import pytest

from idp.audit.export import CHUNK, COLUMNS, harmless, rows
from idp.models import AuditEvent


def read_back() -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO("".join(rows(AuditEvent.objects.all())), newline="")))


def test_every_column_of_an_entry_is_there(add):
    event = add(after={"name": "Größe"}, remote_address="192.0.2.1", actor_id="an-id")

    (row,) = read_back()

    assert row.keys() == {field.name for field in AuditEvent._meta.fields}
    assert row["id"] == str(event.id)
    assert row["at"] == event.at.isoformat()
    assert (row["before"], row["after"]) == ("{}", '{"name": "Größe"}')
    assert (row["actor_name"], row["actor_id"]) == ("alice", "an-id")
    assert (row["remote_address"], row["request_id"]) == ("192.0.2.1", "")


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\tx",
        "\rx",
        "\nx",
        "  =1+1",
        "\u00a0=1+1",
        "\u200b=1+1",
        "\ufeff=1+1",
        "\uff1d1+1",
        "\uff0b1",
        "\uff0d1",
        "\uff20SUM(A1)",
        "\u3000\uff1d1",
        "\ufe66cmd",
        "\u22121",
    ],
)
def test_what_looks_like_a_formula_is_text(add, text):
    add(target_name=text)

    (row,) = read_back()

    assert row["target_name"] == f"'{text}"


@pytest.mark.parametrize("text", ["", "a=1", "'=1", "1-2", "a@b.example", "{}", "  a"])
def test_what_is_no_formula_stays_as_it_is(text):
    assert harmless(text) == text


def test_a_line_break_stays_within_its_cell(add):
    add(target_name='two\r\nlines, "quoted"; =1+1')

    assert read_back()[0]["target_name"] == 'two\r\nlines, "quoted"; =1+1'


def test_every_cell_is_in_quotes(add):
    add()

    heading, row = rows(AuditEvent.objects.all())

    assert heading == ",".join(f'"{column}"' for column in COLUMNS) + "\r\n"
    assert row.count('"') == 2 * len(COLUMNS)


def test_only_a_few_rows_are_in_memory(add, monkeypatch):
    made, from_db = [], AuditEvent.from_db.__func__
    AuditEvent.objects.bulk_create(AuditEvent(target_name=str(n)) for n in range(3 * CHUNK))
    monkeypatch.setattr(
        AuditEvent,
        "from_db",
        classmethod(lambda cls, *a, **kw: made.append(1) or from_db(cls, *a, **kw)),
    )
    events = AuditEvent.objects.all()

    lines = rows(events)
    next(lines), next(lines)

    assert len(made) <= CHUNK
    assert sum(1 for _ in lines) == 3 * CHUNK - 1
    assert events._result_cache is None
