"""What an administrator may enter about a person. Rights are not entered: they have buttons."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as translate
from django.utils.translation import gettext_lazy as _

from accounts.serializers import UserSerializer
from idp.console.forms import MONO, EntryForm

PLAIN = {"autocomplete": "off", "spellcheck": "false"}


class ProfileForm(EntryForm):
    """Names and addresses of a person."""

    serializer_class = UserSerializer

    username = forms.CharField(
        label=_("Username"),
        help_text=_("They sign in with it. It is unique, whatever the case of its letters."),
        error_messages={"required": _("Enter a username.")},
        widget=forms.TextInput(attrs=PLAIN | {"autocapitalize": "off"}),
    )
    given_name = forms.CharField(
        label=_("Given name"), required=False, widget=forms.TextInput(attrs=PLAIN)
    )
    family_name = forms.CharField(
        label=_("Family name"), required=False, widget=forms.TextInput(attrs=PLAIN)
    )
    email = forms.CharField(
        label=_("E-mail address"),
        required=False,
        widget=forms.TextInput(attrs=PLAIN | {"inputmode": "email", "autocapitalize": "off"}),
    )
    email_verified = forms.BooleanField(
        label=_("E-mail address verified"),
        required=False,
        help_text=_("Somebody made sure that this person reads it."),
    )
    mobile = forms.CharField(
        label=_("Mobile number"),
        required=False,
        help_text=_("With its country code, for example +4930123456."),
        widget=forms.TextInput(attrs=PLAIN | {"inputmode": "tel"}),
    )
    mobile_verified = forms.BooleanField(
        label=_("Mobile number verified"),
        required=False,
        help_text=_("Somebody made sure that this person answers it."),
    )

    def to_entry(self, cleaned: Mapping[str, Any]) -> dict[str, Any]:
        """Say nothing of proofs that were given for another address or number than the new one."""
        return {
            name: value
            for name, value in cleaned.items()
            if not (name.endswith("_verified") and self._is_former_proof(name, cleaned))
        }

    def _is_former_proof(self, flag: str, cleaned: Mapping[str, Any]) -> bool:
        name = flag.removesuffix("_verified")
        was_verified = bool(self.initial.get(flag))
        return was_verified and cleaned.get(name) != self.initial.get(name)

    def clean(self) -> dict[str, Any]:
        """Let the serializer judge, and tell where a proof was not taken over."""
        cleaned = super().clean()
        for name, notice in (
            ("email", translate("The new e-mail address is not verified yet.")),
            ("mobile", translate("The new mobile number is not verified yet.")),
        ):
            flag = f"{name}_verified"
            if cleaned.get(name) and cleaned.get(flag) and self._is_former_proof(flag, cleaned):
                self.serializer.notices.append(notice)
        return cleaned


class FullProfileForm(ProfileForm):
    """And what is seldom entered by hand."""

    locale = forms.CharField(
        label=_("Language"),
        required=False,
        help_text=_("For example en or de-AT."),
        widget=forms.TextInput(attrs=PLAIN),
    )
    zoneinfo = forms.CharField(
        label=_("Time zone"),
        required=False,
        help_text=_("For example Europe/Berlin."),
        widget=forms.TextInput(attrs=PLAIN),
    )
    picture = forms.CharField(
        label=_("Address of a picture"), required=False, widget=forms.TextInput(attrs=MONO)
    )
