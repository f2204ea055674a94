"""What scopes mean in words, and which of them only the members of a role may have."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from connections.fields import is_word


class Scope(models.Model):
    """
    An entry of the registry of scopes.

    It holds for every application, by the scope's name. A scope without an entry needs no role and
    has no description; whether an application may ask for one is the application's own list.
    """

    name = models.CharField(_("name"), max_length=200, unique=True)
    description = models.CharField(
        _("description"),
        max_length=300,
        blank=True,
        help_text=_("What it allows, in words for people who are asked to consent."),
    )
    needs_role = models.BooleanField(
        _("needs a role"),
        default=False,
        help_text=_("Only local accounts that have a role with this scope get it."),
    )

    class Meta:
        """A name is one word: scopes are separated by spaces (RFC 6749 3.3)."""

        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                name="scope_name_is_a_word",
                condition=~Q(name="") & ~Q(name__contains=" "),
                violation_error_message=_("Enter one word."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Refuse what could not be asked for (RFC 6749 3.3)."""
        super().clean()
        if not is_word(self.name):
            raise ValidationError(
                {"name": _("Enter a word of printable ASCII without quotes or spaces.")}
            )
