"""Serializers that refuse unknown keys, and hold what they take against the model's own rules."""

import copy
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from connections.strict import NULL, suggestion

type Errors = dict[str, Any]


class Section(serializers.Serializer):
    """A mapping with known keys. A key that is left out keeps its value, or has the default."""

    default_error_messages = {"null": NULL, "invalid": _("Enter keys and values here.")}

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        """Check the known keys, and name every unknown one, in one go."""
        unknown = self._unknown_keys(data) if isinstance(data, Mapping) else {}
        try:
            values = super().to_internal_value(data)
        except serializers.ValidationError as refusal:
            raise serializers.ValidationError({**refusal.detail, **unknown}) from None
        if unknown:
            raise serializers.ValidationError(unknown)
        return values

    def _unknown_keys(self, data: Mapping[str, Any]) -> Errors:
        known = [name for name, field in self.fields.items() if not field.read_only]
        unknown = [key for key in data if key not in known]
        return {key: [f"There is no such key.{suggestion(key, known)}"] for key in unknown}


class ModelSection(Section):
    """
    A mapping that describes one row: its columns, and what hangs on it.

    `related` names the validated values that are not columns; `write` of the subclass saves them.
    `constraint_paths` says at which key a broken constraint is shown. After `save`, `changes`
    holds what the representation does not show, `notices` what the reader should know, and
    `shown_once` the secrets that were made (by label) and cannot be had again.
    """

    model: ClassVar[type[models.Model]]
    related: ClassVar[frozenset[str]] = frozenset()
    constraint_paths: ClassVar[Mapping[str, str]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.changes: list[str] = []
        self.notices: list[str] = []
        self.shown_once: dict[str, str] = {}

    def new(self) -> models.Model:
        """Return an empty row."""
        return self.model()

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Hold the row that would be saved against every rule of its model and database."""
        self.candidate = copy.copy(self.instance) if self.instance else self.new()
        for name, value in attrs.items():
            if name not in self.related:
                setattr(self.candidate, name, value)
        if errors := self._model_errors():
            raise serializers.ValidationError(errors)
        return attrs

    def create(self, validated_data: dict[str, Any]) -> models.Model:
        """Save a new row."""
        return self.write(validated_data)

    def update(self, instance: models.Model, validated_data: dict[str, Any]) -> models.Model:
        """Save the row if a column of it changed."""
        return self.write(validated_data)

    def write(self, attrs: dict[str, Any]) -> models.Model:
        """Save what validation accepted. Leaves an unchanged row alone, with its dates."""
        before, after = self.instance, self.candidate
        columns = attrs.keys() - self.related
        if before is None or any(getattr(before, c) != getattr(after, c) for c in columns):
            after.save()
        return after

    def _model_errors(self) -> Errors:
        """Return the model's complaints, each at the key that the reader wrote."""
        paths = dict(_column_paths(self))
        errors: Errors = {}
        exclude: set[str] = set()
        try:
            self.candidate.full_clean(validate_constraints=False)
        except ValidationError as refusal:
            for column, problems in refusal.error_dict.items():
                exclude.add(column)
                messages = [self._message(column, problem) for problem in problems]
                _put(errors, paths.get(column, ""), messages)
        for model, constraints in self.candidate.get_constraints():
            for constraint in constraints:
                try:
                    constraint.validate(model, self.candidate, exclude=exclude)
                except ValidationError as refusal:
                    path = self.constraint_paths.get(constraint.name, "")
                    _put(errors, path, refusal.messages)
        return errors

    def _message(self, column: str, problem: ValidationError) -> str:
        """Say who has the value that has to be unique; else what the model says."""
        if problem.code != "unique":
            return problem.messages[0]
        value = getattr(self.candidate, column)
        others = self.model.objects.filter(**{column: value})
        other = others.exclude(pk=self.candidate.pk).first()
        kind = self.model.__name__.lower()
        if str(other) == str(value):
            return f"Another {kind} has “{value}” already."
        return f"The {kind} “{other}” already has “{value}”."


def _column_paths(section: serializers.Serializer, prefix: str = "") -> Iterator[tuple[str, str]]:
    """Yield each column with the dotted key under which the section shows it."""
    for name, field in section.fields.items():
        if isinstance(field, Section) and field.source == "*":
            yield from _column_paths(field, f"{prefix}{name}.")
        elif field.source != "*":
            yield field.source, prefix + name


def _put(errors: Errors, path: str, messages: list[str]) -> None:
    *parents, last = path.split(".") if path else ["non_field_errors"]
    for parent in parents:
        errors = errors.setdefault(parent, {})
    errors.setdefault(last, []).extend(m for m in messages if m not in errors.get(last, []))
