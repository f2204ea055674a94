"""A record is one line of JSON, whatever is in it."""

import json
import logging
import sys

import pytest

from idp.logs import JsonFormatter
from tests import keys


def line(message: str, *arguments: object, **attributes: object) -> str:
    """Return what is written for a record."""
    record = logging.LogRecord("agio", logging.WARNING, "file", 1, message, arguments, None)
    vars(record).update(attributes)
    return JsonFormatter().format(record)


def test_a_record_says_when_how_bad_where_and_what():
    members = json.loads(line("Refused %s.", "alice"))

    assert members.pop("time").endswith("+00:00")
    assert members == {"level": "warning", "logger": "agio", "message": "Refused alice."}


@pytest.mark.parametrize("evil", ["a\nb", "a\r\nb", "\x1b[31m", "\u2028", '"}', "%s", "\x00"])
def test_control_characters_are_escaped(evil):  # AT-130
    written = line("Refused %s.", evil)

    assert written.isascii()
    assert written.isprintable()
    assert json.loads(written)["message"] == f"Refused {evil}."


def test_an_exception_is_on_the_same_line():
    try:
        raise ValueError("first\nsecond")
    except ValueError:
        written = line("Failed.", exc_info=sys.exc_info())

    assert "\n" not in written
    assert "ValueError: first\nsecond" in json.loads(written)["exception"]


def test_members_of_its_own_do_not_replace_the_usual_ones():
    members = json.loads(line("Refused.", fields={"application": "orders", "message": "Granted."}))

    assert members["application"] == "orders"
    assert members["message"] == "Refused."


def test_a_token_that_a_message_quotes_is_left_out():
    token = keys.sign()

    written = line("Cannot read %s.", token)

    assert json.loads(written)["message"] == "Cannot read [token]."
