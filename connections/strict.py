"""Serializer fields that take a value as it was written, or refuse it: nothing is guessed."""

import difflib
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

NULL = _("Give it a value, or leave the key out.")


def suggestion(word: str, known: Iterable[str]) -> str:
    """Return “ Did you mean …?” with the known word that looks most alike, or nothing."""
    near = difflib.get_close_matches(word, list(known), n=1)
    return f" Did you mean “{near[0]}”?" if near else ""


class Text(serializers.CharField):
    """Text, and not a number or a truth value that happens to have a spelling."""

    default_error_messages = {"null": NULL, "invalid": _("Enter text: put the value in quotes.")}
    json_schema: Mapping[str, Any] = {"type": "string"}

    def to_internal_value(self, data: Any) -> str:
        """Refuse what is not text: `0123` and `no` have lost their spelling by now."""
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class WholeNumber(serializers.IntegerField):
    """A whole number, not its spelling."""

    default_error_messages = {"null": NULL, "invalid": _("Enter a whole number without quotes.")}
    json_schema: Mapping[str, Any] = {"type": "integer"}

    def to_internal_value(self, data: Any) -> int:
        """Refuse text and fractions; the framework refuses truth values."""
        if not isinstance(data, int):
            self.fail("invalid")
        return super().to_internal_value(data)


class TrueOrFalse(serializers.BooleanField):
    """`true` or `false`."""

    default_error_messages = {"null": NULL, "invalid": _("Enter true or false, without quotes.")}
    json_schema: Mapping[str, Any] = {"type": "boolean"}

    def to_internal_value(self, data: Any) -> bool:
        """Refuse the many other words for yes and no."""
        if not isinstance(data, bool):
            self.fail("invalid")
        return data


class Choice(serializers.ChoiceField):
    """One word of a closed list."""

    default_error_messages = {
        "null": NULL,
        "invalid_choice": _("“{input}” is not one of: {known}.{suggestion}"),
    }

    @property
    def json_schema(self) -> Mapping[str, Any]:
        """Describe the list."""
        return {"enum": [*([""] if self.allow_blank else []), *self.choices]}

    def to_internal_value(self, data: Any) -> str:
        """Take a word of the list as it is spelled there."""
        if data == "" and self.allow_blank:
            return ""
        if not isinstance(data, str) or data not in self.choices:
            known = list(self.choices)
            self.fail(
                "invalid_choice",
                input=data,
                known=", ".join(known),
                suggestion=suggestion(str(data), known),
            )
        return data


class Words(serializers.Field):
    """A list of words that is kept as a set. `short` maps other spellings to the one we keep."""

    default_error_messages = {
        "null": NULL,
        "not_a_list": _("Enter a list, such as [first, second]."),
        "not_text": _("Enter text: put the value in quotes."),
        "unknown": _("“{word}” is not one of: {known}.{suggestion}"),
    }

    def __init__(
        self,
        *,
        vocabulary: Collection[str] = (),
        short: Mapping[str, str] | None = None,
        **kwargs: Any,
    ) -> None:
        self.vocabulary = tuple(vocabulary)
        self.short = dict(short or {})
        super().__init__(**kwargs)

    @property
    def json_schema(self) -> Mapping[str, Any]:
        """Describe the list and its vocabulary."""
        items = {"enum": [*self.short, *self.vocabulary]} if self.vocabulary else {"type": "string"}
        return {"type": "array", "items": items}

    def to_internal_value(self, data: Any) -> frozenset[str]:
        """Return the words; name each one that is not known by its place in the list."""
        if not isinstance(data, list):
            self.fail("not_a_list")
        words, errors = set(), {}
        for index, word in enumerate(data):
            try:
                words.add(self._word(word))
            except serializers.ValidationError as refusal:
                errors[index] = refusal.detail
        if errors:
            raise serializers.ValidationError(errors)
        return frozenset(words)

    def to_representation(self, value: Collection[str]) -> list[str]:
        """Return the words in alphabetical order."""
        return sorted(value)

    def _word(self, word: Any) -> str:
        if not isinstance(word, str):
            self.fail("not_text")
        word = self.short.get(word, word)
        if self.vocabulary and word not in self.vocabulary:
            known = [*self.short, *(w for w in self.vocabulary if w not in self.short.values())]
            near = suggestion(word, known)
            self.fail("unknown", word=word, known=", ".join(known), suggestion=near)
        return word
