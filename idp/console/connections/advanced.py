"""The Advanced tab of a connection: account linking, and which of the issuer's tokens are taken."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from django import forms
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from applications.models import Application
from connections.algorithms import ALGORITHMS
from connections.lookup import LookupAttribute
from connections.models import LOOKUP_CHOICES
from connections.serializers import ConnectionSerializer
from idp.console.access import administrators_only
from idp.console.connections.general import find_connection
from idp.console.editing import Editing, edit
from idp.console.forms import EntryForm

NAMED_APPLICATIONS = 5

# What an administrator confirms with each attribute.
VERIFIED = {
    LookupAttribute.USERNAME: _(
        "Read from preferred_username, else from username. No claim vouches for it: without this "
        "confirmation, a username finds nobody. Confirm it only if people can neither choose nor "
        "change their username at this issuer."
    ),
    LookupAttribute.EMAIL: _(
        "Read from email. Verified without this confirmation, where the token says "
        "“email_verified”: true. Confirm it only if this issuer proves every address before it "
        "puts it into a token."
    ),
    LookupAttribute.MOBILE: _(
        "Read from phone_number. Verified without this confirmation, where the token says "
        "“phone_number_verified”: true. Confirm it only if this issuer proves every number "
        "before it puts it into a token."
    ),
}


class AdvancedForm(EntryForm):
    """Account linking and the checks of tokens."""

    serializer_class = ConnectionSerializer
    paths = {
        "implicit_linking": "linking",
        "implicit_linking.enabled": "linking",
        "implicit_linking.primary": "primary",
        "implicit_linking.secondary": "secondary",
        "implicit_linking.issuer_verifies": "issuer_verifies",
    }

    linking = forms.BooleanField(
        label=_("Implicit account linking"),
        required=False,
        help_text=_(
            "An identity without a link is linked to the one account that a verified attribute "
            "of its token finds, during its first exchange. Only the owner of the account can "
            "remove the link. Off: nobody is looked for; links that exist stay good."
        ),
    )
    primary = forms.ChoiceField(
        label=_("Primary lookup attribute"),
        choices=[("", _("Choose an attribute")), *LOOKUP_CHOICES],
        required=False,
        help_text=_("Asked first. If it finds several accounts, nobody is linked."),
    )
    secondary = forms.ChoiceField(
        label=_("Secondary lookup attribute"),
        choices=[("", _("None")), *LOOKUP_CHOICES],
        required=False,
        help_text=_("Asked only if the primary attribute finds nobody."),
    )
    issuer_verifies = forms.MultipleChoiceField(
        label=_("This issuer verifies"),
        choices=LOOKUP_CHOICES,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    algorithms = forms.MultipleChoiceField(
        label=_("Accepted algorithms"),
        choices=[(name, name) for name in ALGORITHMS],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one algorithm.")},
        help_text=_(
            "A token signed with any other algorithm is refused before its signature is looked "
            "at. If the issuer changes its algorithm and it is not chosen here, every exchange "
            "of its tokens fails. Unsigned tokens and shared secrets (HMAC) are never accepted."
        ),
    )
    clock_skew = forms.IntegerField(
        label=_("Clock skew"),
        error_messages={
            "required": _("Enter a number of seconds, 0 for none."),
            "invalid": _("Enter a whole number of seconds."),
        },
        help_text=_(
            "Seconds by which the issuer’s clock may differ from ours, at most 300. Too small: "
            "fresh tokens are refused as not valid yet. Too large: expired ones live on as long."
        ),
    )
    maximum_token_age = forms.IntegerField(
        label=_("Maximum token age"),
        error_messages={
            "required": _("Enter a number of seconds."),
            "invalid": _("Enter a whole number of seconds."),
        },
        help_text=_(
            "Seconds since the token was issued (its iat), whatever its own expiry. Too small: "
            "applications must fetch a new token before each exchange. A token without iat has "
            "no age to check."
        ),
    )
    one_time_tokens = forms.BooleanField(
        label=_("One-time tokens"),
        required=False,
        help_text=_(
            "Each token of this issuer is exchanged once; a second use is refused, so a stolen "
            "token that was used is worthless. Breaks applications that exchange one token for "
            "several audiences, or that send a request again after a timeout."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("primary", "secondary", "issuer_verifies"):
            self.fields[name].is_conditional = True

    def from_entry(self, entry: Mapping[str, Any]) -> dict[str, Any]:
        """Return the initial values of the fields."""
        linking = entry["implicit_linking"]
        values = {name: linking[name] for name in ("primary", "secondary", "issuer_verifies")}
        return super().from_entry(entry) | values | {"linking": linking["enabled"]}

    def to_entry(self, cleaned: Mapping[str, Any]) -> dict[str, Any]:
        """Return the entry; what linking is set to stays, also while it is off."""
        entry = dict(cleaned)
        linking = {
            name: entry.pop(name)
            for name in ("primary", "secondary", "issuer_verifies")
            if name in entry
        }
        return entry | {"implicit_linking": linking | {"enabled": entry.pop("linking", False)}}


@dataclass(frozen=True, slots=True)
class Confirmation:
    """An attribute that the issuer verifies, or not, and what that means."""

    value: str
    label: str | Promise
    says: str | Promise
    is_on: bool


@administrators_only
def advanced(request: HttpRequest, pk: int) -> HttpResponse:
    """Edit account linking and the checks of tokens."""
    return edit(request, Editing(AdvancedForm, partial(find_connection, pk), TEMPLATE, context))


TEMPLATE = "console/connections/advanced.html"


def context(connection: Any, form: EntryForm) -> dict[str, Any]:
    """Return what the page shows beside the form."""
    chosen = form["issuer_verifies"].value() or ()
    confirmations = [
        Confirmation(value, label, VERIFIED[LookupAttribute(value)], value in chosen)
        for value, label in LOOKUP_CHOICES
    ]
    is_all = Q(connection_choice=Application.ConnectionChoice.ALL)
    may_use = Application.objects.filter(is_all | Q(connections=connection)).distinct()
    prioritizing = may_use.filter(prioritize_local=True)
    return {
        "confirmations": confirmations,
        "prioritizing": prioritizing[:NAMED_APPLICATIONS],
        "more_prioritizing": max(prioritizing.count() - NAMED_APPLICATIONS, 0),
    }
