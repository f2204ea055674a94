"""What an administrator may enter about a role."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.role_serializer import RoleSerializer
from idp.console.applications.lines import LinesField
from idp.console.forms import EntryForm


class RoleForm(EntryForm):
    """Its name, what it is for, and the scopes of its members."""

    serializer_class = RoleSerializer

    name = forms.CharField(
        label=_("Name"),
        max_length=80,
        error_messages={"required": _("Enter a name.")},
        help_text=_("Applications that ask for roles are told it. It grants nothing by itself."),
    )
    description = forms.CharField(
        label=_("Description"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    scopes = LinesField(
        label=_("Scopes"),
        help_text=_("One per line: what members may ask for, where the application may, too."),
    )
