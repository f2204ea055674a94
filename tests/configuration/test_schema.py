"""The JSON Schema says the same as the serializers."""

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from jsonschema import Draft202012Validator

from idp.configuration.document import parse
from tests.configuration.conftest import EXAMPLE


@pytest.fixture
def validator() -> Draft202012Validator:
    printed = StringIO()
    call_command("apply", schema=True, stdout=printed)
    return Draft202012Validator(json.loads(printed.getvalue()))


def content(text: str) -> Any:
    return parse(text, {"ORDERS_SECRET": "x"}).content


def test_it_is_a_schema(validator: Draft202012Validator):
    Draft202012Validator.check_schema(validator.schema)


def test_the_example_is_valid(validator: Draft202012Validator):
    assert list(validator.iter_errors(content(EXAMPLE))) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("RS256", "RS265"),
        ("one_time_tokens:", "one_time_token:"),
        ("connections: all", "connections: every"),
        ("lifetime: 900", "lifetime: soon"),
        ("type: traditional-web", ""),
        ("users:", "user:"),
        ('"248289761001"', "248289761001"),
    ],
)
def test_a_wrong_file_is_invalid(validator: Draft202012Validator, old: str, new: str):
    assert list(validator.iter_errors(content(EXAMPLE.replace(old, new))))


def test_it_tells_what_an_application_without_connections_may_do(validator: Draft202012Validator):
    application = validator.schema["properties"]["applications"]["items"]

    assert "without this key: nobody's" in application["properties"]["connections"]["description"]
