"""Whose tokens an application may exchange, where the new token is good, and for what."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from applications.grant_types import TOKEN_EXCHANGE
from applications.models import Application
from applications.serializers import ApplicationSerializer
from connections.models import Connection
from idp.console.access import administrators_only
from idp.console.applications.find import finder
from idp.console.applications.forms import cards
from idp.console.applications.lines import LinesField
from idp.console.applications.snippets import exchange_snippets
from idp.console.editing import Editing, edit
from idp.console.forms import MONO, EntryForm

SHOWN = 150  # connections on the page; a form has at most 200 fields
Choice = Application.ConnectionChoice
TEXTS = {
    Choice.ALL: _("Also those that are added later."),
    Choice.SELECTED: _("Only those chosen below."),
}


class ExchangeForm(EntryForm):
    """
    Connections, targets and scopes.

    `shown` names the connections that the page had boxes for: only these are selected or left out,
    whatever else is selected stays. `find` is a piece of a name, where there are too many to show.
    """

    serializer_class = ApplicationSerializer
    paths = {"connections": "selected"}

    connection_choice = forms.ChoiceField(
        label=_("Connections"),
        choices=Choice,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose all connections, or selected ones.")},
    )
    selected = forms.MultipleChoiceField(
        label=_("Selected connections"), required=False, widget=forms.CheckboxSelectMultiple
    )
    shown = forms.CharField(required=False, widget=forms.HiddenInput)
    audiences = LinesField(
        label=_("Allowed audiences"),
        help_text=_("One per line. None: the application may not ask for a target."),
    )
    default_audience = forms.CharField(
        label=_("Default audience"),
        required=False,
        max_length=255,
        widget=forms.TextInput(attrs=MONO),
        help_text=_("Of tokens for which no target was asked. Empty: the client ID."),
    )
    scopes = LinesField(
        label=_("Allowed scopes"),
        help_text=_("One per line. A token has the scopes that were asked for, and no others."),
    )

    def __init__(self, data: Any = None, *, find: str = "", **kwargs: Any) -> None:
        selected = kwargs["instance"].connections
        names = sorted(selected.values_list("name", flat=True))
        super().__init__(data, **kwargs, initial={"selected": names})
        self.find = find
        self.names = shown_names(names, find)
        self.fields["selected"].choices = [(name, name) for name in self._choices(names)]

    def from_entry(self, entry: Mapping[str, Any]) -> dict[str, Any]:
        """Tell all connections from a list of them."""
        choice = Choice.ALL if entry["connections"] == Choice.ALL else Choice.SELECTED
        return super().from_entry(entry) | {"connection_choice": choice.value}

    def to_entry(self, cleaned: Mapping[str, Any]) -> dict[str, Any]:
        """Write all, or the names of those selected here and elsewhere."""
        entry = dict(cleaned)
        choice = entry.pop("connection_choice", None)
        boxes, selected = _names(entry.pop("shown", "")), entry.pop("selected", None)
        if choice == Choice.ALL:
            entry["connections"] = Choice.ALL.value
        elif choice and selected is not None:
            elsewhere = set(self.initial["selected"]) - boxes
            entry["connections"] = sorted(elsewhere | set(selected))
        return entry

    @property
    def boxes(self) -> list[tuple[str, bool]]:
        """Return the connections to show, and whether each is selected."""
        selected = set(self["selected"].value() or ())
        return [(name, name in selected) for name in self.names]

    @property
    def shown_text(self) -> str:
        """Return the value of `shown`."""
        return json.dumps(self.names)

    def _choices(self, names: Sequence[str]) -> list[str]:
        """Let every name pass that was sent: whether there is such a connection, the entry says."""
        sent = self.data.getlist("selected") if self.is_bound else ()
        return sorted({*self.names, *names, *sent})


def shown_names(selected: Sequence[str], find: str) -> list[str]:
    """Return the names to show: those that were looked for, else the selected ones and others."""
    rows = Connection.objects.order_by("name")
    if find:
        return list(rows.filter(name__icontains=find).values_list("name", flat=True)[:SHOWN])
    first = selected[:SHOWN]
    others = rows.exclude(name__in=first).values_list("name", flat=True)[: SHOWN - len(first)]
    return sorted([*first, *others])


def _names(text: str) -> set[str]:
    """Read what `shown` holds; what was made up names nothing."""
    try:
        names = json.loads(text or "[]")
    except (ValueError, RecursionError):
        return set()
    return {name for name in names if isinstance(name, str)} if isinstance(names, list) else set()


@administrators_only
def exchange(request: HttpRequest, pk: int) -> HttpResponse:
    """Change connections, targets and scopes, and show the request that results."""
    find = request.GET.get("find", "")[:80].replace("\0", "").strip()
    template = "console/applications/exchange.html"
    return edit(
        request,
        Editing(ExchangeForm, finder(pk), template, _context, {"find": find}),
    )


def _context(application: Application, form: EntryForm) -> dict[str, Any]:
    has_more = len(form.names) >= SHOWN or bool(form.find)
    return {
        "cards": cards(form["connection_choice"], TEXTS),
        "may_exchange": application.allows_grant_type(TOKEN_EXCHANGE),
        "has_more": has_more,
        "find": form.find,
        "snippets": exchange_snippets(application),
    }
