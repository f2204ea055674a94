"""
Forms that ask the same domain functions as `manage.py apply`.

A form only turns what a browser sends into an entry as the configuration file would have it. The
serializer of connections, applications or users judges the entry, and saves it: no rule lives here.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.db import models
from django.utils.translation import gettext_lazy as _
from rest_framework.utils.encoders import JSONEncoder

from connections.sections import ModelSection
from idp.configuration.problems import Path, dotted, flatten
from idp.console.private_keys import without_private_keys

MONO = {"class": "ui-mono", "autocomplete": "off", "spellcheck": "false", "autocapitalize": "off"}
PRIVATE_KEY = _(
    "This was a private key: nothing of it was kept. Replace it if anybody else could have seen it."
)


class EntryForm(forms.Form):
    """
    A part of an entry: one tab, or one step of a wizard.

    `paths` maps the serializer's dotted keys to this form's fields, where the names differ. Errors
    at other keys concern the whole form, or with `is_step` the other steps: they are left out.
    """

    serializer_class: ClassVar[type[ModelSection]]
    paths: ClassVar[Mapping[str, str]] = {}

    def __init__(
        self,
        data: Any = None,
        *,
        instance: models.Model | None = None,
        is_step: bool = False,
        others: Mapping[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        # Pasted into the wrong field, it would be saved, logged, or shown again.
        data, self.blanked = without_private_keys(data)
        self.instance = instance
        self.is_step = is_step
        self.others = others or {}
        if instance is not None:
            described = self.serializer_class(instance).data
            kwargs["initial"] = self.from_entry(described) | kwargs.get("initial", {})
        super().__init__(data, **kwargs)
        self.serializer: ModelSection | None = None

    @property
    def version(self) -> str:
        """Return what changes when somebody else changes what this form shows."""
        text = json.dumps(self.initial, sort_keys=True, cls=JSONEncoder)
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    def from_entry(self, entry: Mapping[str, Any]) -> dict[str, Any]:
        """Return the initial values of the fields for an entry."""
        return {name: entry[name] for name in self.base_fields if name in entry}

    def to_entry(self, cleaned: Mapping[str, Any]) -> dict[str, Any]:
        """Return the entry for the values of the fields."""
        return dict(cleaned)

    def clean(self) -> dict[str, Any]:
        """Let the serializer judge; what it says stands at the fields it is about."""
        cleaned = super().clean() or self.cleaned_data
        self._refuse_private_keys()
        entry = {**self.others, **self.to_entry(cleaned)}
        self.serializer = self.serializer_class(
            self.instance, data=entry, partial=self.instance is not None
        )
        if not self.serializer.is_valid():
            self._show(self.serializer.errors)
        return cleaned

    def _refuse_private_keys(self) -> None:
        for name in self.blanked:
            if name in self.fields:
                self._errors.pop(name, None)  # that it is empty now is not what was wrong
                self.add_error(name, PRIVATE_KEY)

    def save(self) -> models.Model:
        """Save what the serializer accepted."""
        if self.serializer is None or self.errors:
            raise ValueError("A form is saved after it was found valid.")
        return self.serializer.save()

    def _show(self, errors: Any) -> None:
        for path, message in flatten(errors, ()):
            field = self._field(path)
            if field is None and self.is_step:
                continue
            if field is None or field not in self.errors:  # what a field says itself comes first
                text = str(message) if field or not path else f"{dotted(path)}: {message}"
                self.add_error(field if field else NON_FIELD_ERRORS, text)

    def _field(self, path: Path) -> str | None:
        """Return the field at which an error is shown: the nearest that this form has."""
        while path:
            name = ".".join(map(str, path))
            name = self.paths.get(name, name)
            if name in self.fields:
                return name
            path = path[:-1]
        return None
