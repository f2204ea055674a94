"""The User attributes tab of an application: what tokens say of people, and whom they are for."""

import time
from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _

from applications.attributes import PROFILE
from applications.models import Application
from applications.serializers import ApplicationSerializer
from idp.console.access import administrators_only
from idp.console.applications.find import finder
from idp.console.applications.preview import people_named, samples
from idp.console.editing import INVALID, Editing, edit
from idp.console.forms import EntryForm
from idp.console.traffic import links_of

TEMPLATE = "console/applications/attributes.html"

LABELS = {
    "preferred_username": _("Username"),
    "name": _("Full name"),
    "given_name": _("Given name"),
    "family_name": _("Family name"),
    "locale": _("Language"),
    "zoneinfo": _("Time zone"),
    "picture": _("Picture"),
    "email": _("E-mail address"),
    "email_verified": _("E-mail address verified"),
    "phone_number": _("Mobile number"),
    "phone_number_verified": _("Mobile number verified"),
    "roles": _("Roles (of local accounts only)"),
}


class AttributesForm(EntryForm):
    """Attributes in tokens, and what linked accounts mean for them."""

    serializer_class = ApplicationSerializer
    paths = {
        "linked_accounts": "prioritize_local",
        "linked_accounts.prioritize_local": "prioritize_local",
        "linked_accounts.mandate": "mandate_local",
    }

    attributes = forms.MultipleChoiceField(
        label=_("Attributes"),
        choices=[(name, LABELS[name]) for name in PROFILE],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    prioritize_local = forms.BooleanField(
        label=_("Prioritize local account attributes"),
        required=False,
        help_text=_(
            "If a local account is linked to the identity, the token is for that account: sub is "
            "the account’s own ID, and the attributes come from its profile. Without a link, or "
            "with this off, sub and the attributes are copied from the incoming token. "
            "Connections link accounts automatically only while this is on."
        ),
    )
    mandate_local = forms.BooleanField(
        label=_("Mandate linked local account"),
        required=False,
        help_text=_(
            "An identity without a linked account gets no token: its exchange is refused with "
            "invalid_request, once automatic linking has found nobody. So every sub is an "
            "account of this server. Works only together with the switch above."
        ),
    )

    def from_entry(self, entry: Mapping[str, Any]) -> dict[str, Any]:
        """Return the initial values of the fields."""
        linked = entry["linked_accounts"]
        switches = {
            "prioritize_local": linked["prioritize_local"],
            "mandate_local": linked["mandate"],
        }
        return super().from_entry(entry) | switches

    def to_entry(self, cleaned: Mapping[str, Any]) -> dict[str, Any]:
        """Return the entry."""
        linked = {
            "prioritize_local": cleaned.get("prioritize_local", False),
            "mandate": cleaned.get("mandate_local", False),
        }
        wanted = {"attributes": cleaned["attributes"]} if "attributes" in cleaned else {}
        return wanted | {"linked_accounts": linked}


@administrators_only
def attributes(request: HttpRequest, pk: int) -> HttpResponse:
    """Edit the attributes in tokens, and what linked accounts mean."""

    return edit(request, Editing(AttributesForm, finder(pk), TEMPLATE, context))


@administrators_only
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what tokens would say with what is in the form, and save nothing."""
    if request.method != "POST":
        return redirect("application-attributes", pk)
    form = AttributesForm(request.POST, instance=get_object_or_404(Application, pk=pk))
    status = 200 if form.is_valid() else INVALID
    row = get_object_or_404(Application, pk=pk)
    shown = {"object": row, "form": form, **context(row, form)}
    if request.htmx:
        return render(request, "console/applications/_preview.html", shown, status=status)
    shown["version"] = request.POST.get("version", "")
    return render(request, TEMPLATE, shown, status=status)


def context(row: Any, form: EntryForm) -> dict[str, Any]:
    """Return what the page shows beside the form: whose token is previewed, and its claims."""
    sent = form.data if form.is_bound else {}
    words = sent.get("who", "")
    people = people_named(words)
    asked = (person for person in people if str(person.public_id) == sent.get("person"))
    person = next(asked, people[0] if people else None)
    shown: dict[str, Any] = {"who": words, "people": people, "person": person}
    wanted = _wanted(row, form)
    if wanted is None:
        return shown
    is_new = {
        "prioritize": wanted.prioritize_local != row.prioritize_local,
        "mandate": wanted.mandate_local and not row.mandate_local,
    }
    if wanted.mandate_local or is_new["prioritize"]:
        shown["links"] = links_of(row)
    return shown | {
        "wanted": wanted,
        "is_new": is_new,
        "samples": samples(wanted, person, now=time.time()),
    }


def _wanted(row: Application, form: EntryForm) -> Application | None:
    """Return the application as the form would save it; None where it would not."""
    if not form.is_bound:
        return row
    if form.errors or form.serializer is None:
        return None
    return form.serializer.candidate
