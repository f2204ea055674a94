"""Roles: what their members may ask for beyond what everybody may."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from connections.fields import WordSetField
from connections.visible import check_visible


class Role(models.Model):
    """
    A named set of scopes, and the people whose tokens may have them.

    It is nobody's name: a role that is called like a scope does not grant that scope.
    """

    name = models.CharField(_("name"), max_length=80)
    description = models.CharField(_("description"), max_length=300, blank=True)
    scopes = WordSetField(
        _("scopes"), help_text=_("What its members may ask for, where the application may, too.")
    )
    members = models.ManyToManyField(
        settings.AUTH_USER_MODEL, related_name="roles", verbose_name=_("members"), blank=True
    )

    class Meta:
        """One role per name, whatever the case: applications compare the names."""

        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                Lower("name"),
                name="role_name_unique",
                violation_error_message=_("There is a role with this name already."),
            ),
            models.CheckConstraint(
                name="role_has_name",
                condition=~Q(name=""),
                violation_error_message=_("Enter a name."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def scope_list(self) -> list[str]:
        """Return the scopes in alphabetical order."""
        return sorted(self.scopes)

    def clean(self) -> None:
        """Refuse names that do not read as they are."""
        super().clean()
        check_visible(self, "name")
