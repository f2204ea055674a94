"""Serializer fields that only applications have."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from applications.models import Application
from connections.models import Connection
from connections.strict import NULL, suggestion


class ConnectionsField(serializers.Field):
    """`all`, or a list of names: an explicit choice, for an empty list is nobody."""

    default_error_messages = {
        "invalid": _("Enter “all”, or a list of names of connections."),
        "unknown_connection": _("There is no connection “{name}”.{suggestion}"),
    }
    json_schema = {"oneOf": [{"const": "all"}, {"type": "array", "items": {"type": "string"}}]}

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        """Return the choice, and the connections where they were selected."""
        if data == Application.ConnectionChoice.ALL:
            return {"connection_choice": data}
        if not isinstance(data, list) or not all(isinstance(name, str) for name in data):
            self.fail("invalid")
        # PostgreSQL cannot even look for a NUL.
        names = [name for name in data if "\0" not in name]
        found = {each.name: each for each in Connection.objects.filter(name__in=names)}
        errors = {i: [self._unknown(name)] for i, name in enumerate(data) if name not in found}
        if errors:
            raise serializers.ValidationError(errors)
        return {
            "connection_choice": Application.ConnectionChoice.SELECTED,
            "connections": set(found.values()),
        }

    def to_representation(self, application: Application) -> str | list[str]:
        """Return what was chosen."""
        if application.connection_choice == Application.ConnectionChoice.ALL:
            return "all"
        return sorted(application.connections.values_list("name", flat=True))

    def _unknown(self, name: str) -> serializers.ErrorDetail:
        near = suggestion(name, Connection.objects.values_list("name", flat=True))
        message = self.error_messages["unknown_connection"].format(name=name, suggestion=near)
        return serializers.ErrorDetail(message, code="unknown_connection")


class JwkSetField(serializers.Field):
    """A JWK Set as RFC 7591 writes it, `{keys: [...]}`; the model judges the keys."""

    default_error_messages = {
        "null": NULL,
        "invalid": _("Enter a JWK Set: {{keys: [...]}} with a list of JSON Web Keys."),
    }
    json_schema = {
        "type": "object",
        "additionalProperties": False,
        "required": ["keys"],
        "properties": {"keys": {"type": "array", "items": {"type": "object"}}},
    }

    def to_internal_value(self, data: Any) -> list[dict[str, Any]]:
        """Return the keys."""
        keys = data.get("keys") if isinstance(data, dict) and len(data) == 1 else None
        if not isinstance(keys, list) or not all(isinstance(jwk, dict) for jwk in keys):
            self.fail("invalid")
        return keys

    def to_representation(self, keys: list[dict[str, Any]]) -> dict[str, Any]:
        """Return the set."""
        return {"keys": keys}
