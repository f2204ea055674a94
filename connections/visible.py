"""Names that read as they are: no character of them is unseen, or turns others around (UTS 39)."""

from unicodedata import category

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

# Control, format (bidi controls, zero-width characters), surrogate, private use;
# line and paragraph separators.
UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
HIDDEN = _("Remove the invisible characters: nobody could tell this name from another one.")


def is_visible(text: str) -> bool:
    """Say whether every character of a text can be seen where it stands."""
    return UNSEEN.isdisjoint(map(category, text))


def check_visible(row: models.Model, *fields: str) -> None:
    """
    Hold texts of a row against `is_visible`.

    :raises ValidationError: with an error at each field that hides something
    """
    errors = {name: HIDDEN for name in fields if not is_visible(getattr(row, name))}
    if errors:
        raise ValidationError(errors)
