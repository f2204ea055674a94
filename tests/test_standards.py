"""Every row of our checklist is tested by name, or docs/standards.md says why it is not."""

import re
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

PAGE = Path(settings.BASE_DIR, "docs/standards.md").read_text()
TESTS = Path(settings.BASE_DIR, "tests")

# The groups that are in scope, and how many rows each has.
GROUPS = {
    "TE": 32,  # token endpoint
    "ST": 35,  # subject token
    "RP": 14,  # response
    "IT": 23,  # issued token
    "CA": 17,  # client authentication
    "MD": 15,  # metadata
    "IR": 16,  # introspection and revocation
    "KY": 14,  # keys
    "TL": 4,  # TLS
    "AT": 113,  # attacks
}
DECISIONS = {f"D{number}" for number in range(1, 13)}
RANGE = re.compile(r"\b([A-Z]{2})-(\d{2,3})(?: to \1-(\d{2,3}))?\b")

type Row = tuple[str, int]


def rows_in(text: str) -> Iterator[Row]:
    """Return the rows that a text names; `IT-01 to IT-10` names ten."""
    for group, first, last in RANGE.findall(text):
        for number in range(int(first), int(last or first) + 1):
            yield group, number


def in_scope() -> set[Row]:
    """Return every row that there is."""
    return {(group, number) for group, size in GROUPS.items() for number in range(1, size + 1)}


def covered() -> set[Row]:
    """Return the rows that a test names."""
    files = [path for path in TESTS.rglob("*.py") if path != Path(__file__)]
    return set(rows_in("\n".join(path.read_text() for path in files)))


def listed(heading: str) -> list[Row]:
    """Return the rows in the first column of the page's table under a heading."""
    section = PAGE.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    return [row for cell in re.findall(r"^\| ([^|]+) \|", section, re.M) for row in rows_in(cell)]


def test_a_range_names_all_that_is_in_it():
    assert list(rows_in("ST-09 to ST-11, KY-01")) == [("ST", 9), ("ST", 10), ("ST", 11), ("KY", 1)]


def test_every_row_is_tested_or_left_out_for_a_reason():
    assert in_scope() - covered() == set(listed("Rows without a test"))


def test_what_is_tested_in_part_is_tested():
    in_part = listed("Rows that are tested in part")

    assert len(in_part) == len(set(in_part)) > 0
    assert set(in_part) <= covered() & in_scope()


def test_every_decision_is_written_down():
    assert set(re.findall(r"^\| (D\d+) \|", PAGE, re.MULTILINE)) == DECISIONS
