"""The tab Sign-in: how people may link accounts of this issuer by themselves."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from django import forms
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from connections.sign_in import DEFAULT_SCOPES, AuthMethod
from connections.sign_in_serializer import MAXIMUM_SECRET
from idp.account.linking.authorization import redirect_uri
from idp.console.access import administrators_only
from idp.console.connections import tools
from idp.console.connections.forms import ConnectionForm
from idp.console.connections.general import find_connection
from idp.console.connections.typed import Typed, typed
from idp.console.editing import Editing, edit
from idp.console.forms import MONO

TEMPLATE = "console/connections/sign_in.html"
SWITCHES = {"by_sign_in": "sign_in", "by_token": "token"}
CLIENT = (
    *("client_id", "authorization_endpoint", "token_endpoint"),
    *("token_endpoint_auth_method", "answers_with_issuer"),
)


class SignInForm(ConnectionForm):
    """The switches, and the client that the issuer registered for us."""

    paths = {
        **{f"self_linking.{key}": name for name, key in SWITCHES.items()},
        **{f"sign_in.{name}": name for name in (*CLIENT, "client_secret", "scopes")},
    }

    by_sign_in = forms.BooleanField(
        label=_("Link by signing in there"),
        required=False,
        help_text=_(
            "People sign in at this issuer to prove who they are there, see both accounts, and "
            "confirm. It needs the client below."
        ),
    )
    by_token = forms.BooleanField(
        label=_("Link by a fresh token"),
        required=False,
        help_text=_(
            "People paste a token of this issuer that is at most five minutes old, and works "
            "once. Turn it on only if nobody else gets to see such tokens: whoever has one can "
            "link the identity to their own account."
        ),
    )
    client_id = forms.CharField(
        label=_("Client ID"), required=False, max_length=255, widget=forms.TextInput(MONO)
    )
    client_secret = forms.CharField(
        label=_("Client secret"),
        required=False,
        strip=False,
        max_length=MAXIMUM_SECRET,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
        help_text=_("Kept encrypted, and never shown. Leave it empty to keep the present one."),
    )
    authorization_endpoint = forms.CharField(
        label=_("Authorization endpoint"), required=False, widget=forms.TextInput(MONO)
    )
    token_endpoint = forms.CharField(
        label=_("Token endpoint"), required=False, widget=forms.TextInput(MONO)
    )
    token_endpoint_auth_method = forms.ChoiceField(
        label=_("Client authentication"), choices=AuthMethod, initial=AuthMethod.BASIC
    )
    scopes = forms.CharField(
        label=_("Scopes"),
        required=False,
        initial=" ".join(sorted(DEFAULT_SCOPES)),
        help_text=_("Asked for besides “openid”, separated by spaces."),
        widget=forms.TextInput(MONO),
    )
    answers_with_issuer = forms.BooleanField(
        label=_("Its answers name the issuer"),
        required=False,
        help_text=_("Answers without “iss” are refused (RFC 9207). Its metadata says whether."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in (*CLIENT, "client_secret", "scopes"):
            self.fields[name].is_conditional = True

    def from_entry(self, entry: Mapping[str, Any]) -> dict[str, Any]:
        """Return the initial values of the fields: all but the secret."""
        client, switches = entry["sign_in"], entry["self_linking"]
        values = {name: client[name] for name in CLIENT}
        values["scopes"] = " ".join(client["scopes"])
        return values | {name: switches[key] for name, key in SWITCHES.items()}

    def to_entry(self, cleaned: Mapping[str, Any]) -> dict[str, Any]:
        """Return the entry; a secret that was not typed is kept."""
        client = {name: cleaned[name] for name in CLIENT if name in cleaned}
        client["scopes"] = cleaned.get("scopes", "").split()
        if secret := cleaned.get("client_secret"):
            client["client_secret"] = secret
        switches = {key: cleaned.get(name, False) for name, key in SWITCHES.items()}
        return {"sign_in": client, "self_linking": switches}


@administrators_only
def sign_in(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the tab, save it, or fill it in from the issuer's metadata."""
    find = partial(find_connection, pk)
    if request.method == "POST":
        sent = typed(request)
        if tools.asked(sent, request) == tools.DISCOVER:
            return _discovered(request, find(), sent)
    return edit(request, Editing(SignInForm, find, TEMPLATE, context))


def context(row: models.Model, form: ConnectionForm) -> dict[str, Any]:
    """Return what the tab shows beside the form."""
    return {
        "redirect_uri": redirect_uri(row),
        "has_secret": bool(row.sealed_client_secret),
        "found": tools.Found(),
    }


def _discovered(request: HttpRequest, row: Any, sent: Typed) -> HttpResponse:
    """Fill in what the metadata says; nothing is saved by that."""
    sent.fields["issuer"] = row.issuer
    found = tools.use(tools.DISCOVER, sent, request)
    if found.discovery and not found.discovery.problem:
        sent.fields["authorization_endpoint"] = found.discovery.authorization_endpoint
        sent.fields["token_endpoint"] = found.discovery.token_endpoint
        sent.fields["answers_with_issuer"] = "on" if found.discovery.answers_with_issuer else ""
    form = SignInForm(sent.fields, instance=row, problems=sent.problems).unjudged()
    shown = {"object": row, "form": form, **context(row, form), "found": found}
    return render(request, TEMPLATE, shown)
