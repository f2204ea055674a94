"""The configuration file's shape as a JSON Schema, derived from the serializers."""

from typing import Any

from rest_framework import serializers

from connections.sections import Section
from idp.configuration.kinds import KINDS

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema() -> dict[str, Any]:
    """Return the schema; editors complete and check a file with it."""
    properties = {kind.key: _list_of(kind.serializer()) for kind in KINDS}
    return {
        "$schema": DIALECT,
        "title": "Agio configuration",
        "description": (
            "A key that is left out keeps its value; a new thing gets the default. "
            "${NAME} as a whole value stands for an environment variable."
        ),
        "type": "object",
        "additionalProperties": False,
        "properties": properties,
    }


def _list_of(item: Section) -> dict[str, Any]:
    return {"type": ["array", "null"], "items": _mapping(item)}


def _mapping(section: Section) -> dict[str, Any]:
    writable = {name: field for name, field in section.fields.items() if not field.read_only}
    found: dict[str, Any] = {
        "type": "object",
        "description": (type(section).__doc__ or "").strip(),
        "additionalProperties": False,
        "properties": {name: _described(field) for name, field in writable.items()},
    }
    if required := [name for name, field in writable.items() if field.required]:
        found["required"] = required
    return found


def _described(field: serializers.Field) -> dict[str, Any]:
    if isinstance(field, serializers.ListSerializer):
        shape: dict[str, Any] = {"type": "array", "items": _mapping(field.child)}
    elif isinstance(field, Section):
        shape = _mapping(field)
    else:
        shape = dict(field.json_schema)
    return {**shape, "description": str(field.help_text)} if field.help_text else shape
