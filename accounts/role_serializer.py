"""A role, and somebody's roles, as the configuration file and the management API write them."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from accounts.models import Role
from connections.sections import ModelSection
from connections.strict import NULL, Text, Words, suggestion


class RoleSerializer(ModelSection):
    """A role: what its members may ask for. Who has it, each user says."""

    model = Role
    constraint_paths = {"role_name_unique": "name", "role_has_name": "name"}

    name = Text(help_text=_("As applications are told it, in the claim “roles”."))
    description = Text(required=False, allow_blank=True)
    scopes = Words(
        required=False,
        help_text=_("What members may ask for, where the application may, too. None: nothing."),
    )


class RolesField(serializers.Field):
    """The names of somebody's roles: all of them, for one that is left out is taken away."""

    default_error_messages = {
        "null": NULL,
        "invalid": _("Enter a list of names of roles."),
        "unknown_role": _("There is no role “{name}”.{suggestion}"),
    }
    json_schema = {"type": "array", "items": {"type": "string"}}

    def to_internal_value(self, data: Any) -> set[Role]:
        """Find the roles; name each one that there is none of by its place in the list."""
        if not isinstance(data, list) or not all(isinstance(name, str) for name in data):
            self.fail("invalid")
        # PostgreSQL cannot even look for a NUL.
        names = [name for name in data if "\0" not in name]
        found = {role.name: role for role in Role.objects.filter(name__in=names)}
        errors = {i: [self._unknown(name)] for i, name in enumerate(data) if name not in found}
        if errors:
            raise serializers.ValidationError(errors)
        return set(found.values())

    def to_representation(self, roles: Any) -> list[str]:
        """Return the names."""
        return sorted(roles.values_list("name", flat=True))

    def _unknown(self, name: str) -> serializers.ErrorDetail:
        near = suggestion(name, Role.objects.values_list("name", flat=True))
        message = self.error_messages["unknown_role"].format(name=name, suggestion=near)
        return serializers.ErrorDetail(message, code="unknown_role")
