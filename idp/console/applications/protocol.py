"""How an application speaks to the token endpoint, and what its tokens are like."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from applications import grant_types
from applications.models import Application
from applications.serializers import ApplicationSerializer
from connections.strict_json import NotStrict, parse_object
from idp.console.access import administrators_only
from idp.console.applications import client_keys, secrets
from idp.console.applications.durations import in_words
from idp.console.applications.find import finder
from idp.console.applications.forms import cards
from idp.console.applications.lines import LinesField
from idp.console.editing import Editing, edit
from idp.console.forms import MONO, EntryForm
from idp.console.private_keys import holds_private_key

GRANTS = [
    (grant_types.TOKEN_EXCHANGE, _("Token Exchange")),
    (grant_types.AUTHORIZATION_CODE, _("Authorization Code (signing people in)")),
    (grant_types.REFRESH_TOKEN, _("Refresh Token")),
    (grant_types.CLIENT_CREDENTIALS, _("Client Credentials")),
]
METHODS = {name: name for name in Application.Authentication.values}  # as libraries call them
FORMATS = {
    Application.TokenFormat.JWT: _("An API verifies it by itself, with our public keys."),
    Application.TokenFormat.OPAQUE: _("It says nothing. An API asks our introspection endpoint."),
}
WHOLE_NUMBER = {
    "required": _("Enter a number of seconds."),
    "invalid": _("Enter a whole number of seconds."),
}

SHORT = forms.NumberInput(attrs={"class": "ui-short"})


class JwksField(forms.CharField):
    """A JWK Set as JSON; nothing is an empty one."""

    widget = forms.Textarea(attrs={**MONO, "rows": 8})

    def to_python(self, value: Any) -> Any:
        """Return the parsed set. The serializer judges it."""
        text = super().to_python(value)
        if not text:
            return {"keys": []}
        try:
            return parse_object(text.encode())
        except (NotStrict, UnicodeEncodeError) as problem:
            message = _("Enter a JWK Set as JSON: {{“keys”: […]}}. What is here {problem}.")
            raise ValidationError(message.format(problem=problem)) from None


class ProtocolForm(EntryForm):
    """
    Grants, client authentication, and tokens.

    A secret that had to be made is put into `shown_once`. `had_private_key` says that one was
    pasted, and taken out of what was sent before this form saw it.
    """

    serializer_class = ApplicationSerializer
    paths = {
        "access_token.format": "token_format",
        "access_token.lifetime": "access_token_lifetime",
        "access_token.signing_algorithm": "signing_algorithm",
        "access_token.outlives_subject_token": "outlives_subject_token",
        "refresh_token.lifetime": "refresh_token_lifetime",
        "refresh_token": "refresh_token_lifetime",
    }

    grant_types = forms.MultipleChoiceField(
        label=_("Allowed grant types"),
        choices=GRANTS,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    redirect_uris = LinesField(
        label=_("Redirect URIs"),
        help_text=_("One per line: where people come back to after signing in, exactly."),
    )
    post_logout_redirect_uris = LinesField(
        label=_("Addresses after signing out"),
        help_text=_("One per line: where they may come back to after signing out, exactly."),
    )
    skip_consent = forms.BooleanField(
        label=_("Do not ask people whether they agree"),
        required=False,
        help_text=_("For applications of your own. Programs on people’s devices always ask."),
    )
    token_endpoint_auth_method = forms.ChoiceField(
        label=_("Client authentication"),
        choices=Application.Authentication,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a method.")},
        help_text=_("With a method that needs no secret, the secrets are removed."),
    )
    jwks = JwksField(
        label=_("Public keys"),
        required=False,
        help_text=_("A JWK Set as JSON. With keys here, the URL below is not asked."),
    )
    jwks_uri = forms.CharField(
        label=_("JWKS URL"),
        required=False,
        strip=False,
        widget=forms.TextInput(attrs={**MONO, "inputmode": "url"}),
        help_text=_("Where the application publishes its public keys, instead of pasting them."),
    )
    token_format = forms.ChoiceField(
        label=_("Access token format"),
        choices=Application.TokenFormat,
        widget=forms.RadioSelect,
    )
    signing_algorithm = forms.ChoiceField(
        label=_("Signing algorithm"),
        choices=Application._meta.get_field("signing_algorithm").choices,
        widget=forms.Select(attrs={"class": "ui-short"}),
        help_text=_("Of JWT access tokens."),
    )
    access_token_lifetime = forms.IntegerField(
        label=_("Access token lifetime, in seconds"), error_messages=WHOLE_NUMBER, widget=SHORT
    )
    outlives_subject_token = forms.BooleanField(
        label=_("May outlive the subject token"),
        required=False,
        help_text=_("Otherwise an access token ends with the token it was given for."),
    )
    refresh_token_lifetime = forms.IntegerField(
        label=_("Refresh token lifetime, in seconds"), error_messages=WHOLE_NUMBER, widget=SHORT
    )

    def __init__(
        self,
        data: Any = None,
        *,
        shown_once: dict[str, str],
        had_private_key: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(data, label_suffix="", **kwargs)
        self.shown_once = shown_once
        self.had_private_key = had_private_key
        for name in ("grant_types", "jwks", "jwks_uri"):  # the others say whether one is needed
            self.fields[name].is_conditional = True
        for name in ("access_token_lifetime", "refresh_token_lifetime"):
            words = {"words": in_words(self.initial[name])}
            self.fields[name].help_text = _("What is saved is %(words)s.") % words

    def from_entry(self, entry: Mapping[str, Any]) -> dict[str, Any]:
        """Take the tokens' sections apart, and write the keys as text."""
        token = entry["access_token"]
        return super().from_entry(entry) | {
            "jwks": client_keys.as_text(entry["jwks"]["keys"]),
            "token_format": token["format"],
            "signing_algorithm": token["signing_algorithm"],
            "access_token_lifetime": token["lifetime"],
            "outlives_subject_token": token["outlives_subject_token"],
            "refresh_token_lifetime": entry["refresh_token"]["lifetime"],
        }

    def to_entry(self, cleaned: Mapping[str, Any]) -> dict[str, Any]:
        """Put the tokens' sections together, of what could be read."""
        entry = dict(cleaned)
        token = {
            "format": entry.pop("token_format", None),
            "lifetime": entry.pop("access_token_lifetime", None),
            "signing_algorithm": entry.pop("signing_algorithm", None),
            "outlives_subject_token": entry.pop("outlives_subject_token", None),
        }
        refresh = {"lifetime": entry.pop("refresh_token_lifetime", None)}
        sections = {"access_token": token, "refresh_token": refresh}
        return entry | {
            name: {key: value for key, value in section.items() if value is not None}
            for name, section in sections.items()
        }

    def clean_jwks(self) -> Any:
        """Refuse a private key. Nothing of it is left to be shown or saved."""
        if self.had_private_key:
            raise ValidationError(
                _(
                    "Paste public keys only. This was a private key: nothing of it was kept. "
                    "Replace it if anybody else could have seen it."
                )
            )
        return self.cleaned_data["jwks"]

    def save(self) -> Application:
        """Save, and hand out the secret that had to be made."""
        application = super().save()
        self.shown_once.update(self.serializer.shown_once if self.serializer else {})
        return application


@administrators_only
def protocol(request: HttpRequest, pk: int) -> HttpResponse:
    """Change grants, authentication and tokens."""
    shown_once: dict[str, str] = {}
    arguments = {"shown_once": shown_once, "had_private_key": _drop_private_key(request)}
    template = "console/applications/protocol.html"
    find = finder(pk)
    response = edit(request, Editing(ProtocolForm, find, template, _context, arguments))
    if shown_once and response.status_code == 302:
        secrets.keep(request, find(), shown_once["client_secret"])
        return redirect("application-secret", pk)
    return response


def _drop_private_key(request: HttpRequest) -> bool:
    """Forget a private key before any page could send it back: the form's, or another's."""
    if request.method != "POST" or not holds_private_key(request.POST.get("jwks", "")):
        return False
    sent = request.POST.copy()
    sent["jwks"] = ""
    request.POST = sent
    return True


def _context(application: Application, form: EntryForm) -> dict[str, Any]:
    return {
        "discovery": f"{settings.ISSUER}/.well-known/openid-configuration",
        "methods": cards(form["token_endpoint_auth_method"], METHODS),
        "formats": cards(form["token_format"], FORMATS),
        "pasted": client_keys.judged(str(form["jwks"].value() or "")),
        "read": client_keys.at_url(application),
    }
