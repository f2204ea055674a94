"""A database column for a set of words, written as OAuth writes a scope: separated by spaces."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _


class WordSetField(models.TextField):
    """
    Hold a frozenset of words in one text column, sorted and separated by single spaces.

    A set has one spelling in the database, so constraints can look into it on every backend.
    `vocabulary` (optional, a collection of str) is the closed list the words must come from.
    Raises ValidationError for a word outside it, or one that contains white space.
    """

    description = _("A set of words")
    default_error_messages = {
        "unknown_word": _("“%(word)s” is not one of: %(vocabulary)s."),
        "bad_word": _("“%(word)s” must be a word of printable ASCII without quotes or spaces."),
    }

    def __init__(self, *args: Any, vocabulary: Iterable[str] | None = None, **kwargs: Any) -> None:
        self.vocabulary = tuple(vocabulary) if vocabulary else ()
        kwargs.setdefault("blank", True)
        kwargs.setdefault("default", frozenset)
        super().__init__(*args, **kwargs)

    def from_db_value(self, value: str | None, *_: Any) -> frozenset[str] | None:
        """Turn the column's text into a frozenset."""
        return None if value is None else frozenset(value.split())

    def to_python(self, value: Any) -> frozenset[str] | None:
        """Accept a set, a list or text; return a frozenset."""
        if value is None or isinstance(value, frozenset):
            return value
        return frozenset(value.split() if isinstance(value, str) else value)

    def get_prep_value(self, value: Any) -> str | None:
        """Turn a set into the column's text."""
        if value is None or isinstance(value, str):
            return value
        return " ".join(sorted(value))

    def value_to_string(self, obj: models.Model) -> str:
        """Serialize for fixtures."""
        return self.get_prep_value(self.value_from_object(obj)) or ""

    def validate(self, value: Any, model_instance: models.Model | None) -> None:
        """Refuse words that are outside the vocabulary or could not be written on the wire."""
        for word in sorted(value or ()):
            if self.vocabulary and word not in self.vocabulary:
                params = {"word": word, "vocabulary": ", ".join(self.vocabulary)}
                raise ValidationError(self.error_messages["unknown_word"], params=params)
            if not is_word(word):
                raise ValidationError(self.error_messages["bad_word"], params={"word": word})
        if not value and not self.blank:
            raise ValidationError(self.error_messages["blank"], code="blank")


def is_word(text: str) -> bool:
    """Say whether the text is a scope-token: no space, quote or backslash (RFC 6749 3.3)."""
    return bool(text) and all("!" <= char <= "~" and char not in '"\\' for char in text)
