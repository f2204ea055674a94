"""What a new application needs, and what is said about one."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.forms.boundfield import BoundField, BoundWidget
from django.utils.translation import gettext_lazy as _

from applications.models import Application
from applications.serializers import ApplicationSerializer
from idp.console.applications.defaults import default_grants
from idp.console.forms import EntryForm


def cards(field: BoundField, texts: Mapping[str, Any]) -> list[tuple[BoundWidget, Any]]:
    """Return each choice of a field with a text that explains it."""
    return [(option, texts[option.data["value"]]) for option in field]


class GeneralForm(EntryForm):
    """Its name, and what it is for."""

    serializer_class = ApplicationSerializer

    name = forms.CharField(
        label=_("Name"),
        max_length=80,
        error_messages={"required": _("Enter a name.")},
        help_text=_("By which administrators know it. Unique."),
    )
    description = forms.CharField(
        label=_("Description"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class CreateForm(GeneralForm):
    """
    A new application: its type, its name, and what the type starts out with.

    The client ID is made with the page. It tells a form that arrives twice from a second
    application; see `create`.
    """

    type = forms.ChoiceField(
        label=_("Type"),
        choices=Application.Type,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a type.")},
    )
    client_id = forms.CharField(widget=forms.HiddenInput, required=False)
    field_order = ("type", "name", "description")

    def to_entry(self, cleaned: Mapping[str, Any]) -> dict[str, Any]:
        """Add the grants that the type starts out with; without a client ID one is made."""
        entry = {name: value for name, value in cleaned.items() if value or name != "client_id"}
        return entry | {"grant_types": default_grants(cleaned.get("type", ""))}
