"""A field with one word per line."""

from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from connections.excerpt import excerpt
from connections.fields import is_word
from idp.console.forms import MONO

MOST_PROBLEMS = 5


class LinesInput(forms.Textarea):
    """A text area that shows a list as lines."""

    def format_value(self, value: Any) -> str:
        """Return what was typed as it is, and a list line by line."""
        return "\n".join(value) if isinstance(value, list) else super().format_value(value) or ""


class LinesField(forms.CharField):
    """A list of words, one per line. Every line that is none is named."""

    def __init__(self, **kwargs: Any) -> None:
        defaults = {"required": False, "widget": LinesInput(attrs={**MONO, "rows": 5})}
        super().__init__(**defaults | kwargs)

    def to_python(self, value: Any) -> list[str]:
        """Return the lines that have something on them."""
        lines = super().to_python(value).split("\n")
        problems = list(_problems(lines))
        if problems:
            raise ValidationError(problems[:MOST_PROBLEMS])
        return [line.strip() for line in lines if line.strip()]

    def run_validators(self, value: Sequence[str]) -> None:
        """Hold each line against what holds for texts."""
        super().run_validators("\n".join(value))


def _problems(lines: Sequence[str]) -> Iterator[str]:
    for number, line in enumerate(lines, start=1):
        word = line.strip()
        if word and not is_word(word):
            sentence = _("Correct line %(number)d: “%(word)s” has a space, a quote or a letter "
                         "that is not ASCII.")  # fmt: skip
            yield sentence % {"number": number, "word": excerpt(word)}
