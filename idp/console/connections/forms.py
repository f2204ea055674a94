"""General and Signing keys: each is a tab of a connection, and a step of the wizard."""

from collections.abc import Mapping
from typing import Any, Self

from django import forms
from django.forms.utils import ErrorDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from connections.algorithms import ALGORITHMS
from connections.certificates import CertificateRefused, check_validity, parse
from connections.models import DEFAULT_ALGORITHMS, Connection
from connections.serializers import ConnectionSerializer
from idp.console.forms import MONO, EntryForm


class ConnectionForm(EntryForm):
    """A part of a connection. `problems` were found before: in a file, or a private key."""

    serializer_class = ConnectionSerializer

    def __init__(
        self, *args: Any, problems: Mapping[str, str] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, label_suffix="", **kwargs)
        self.problems = {k: v for k, v in (problems or {}).items() if k in self.fields}
        self.is_judged = True

    @property
    def version(self) -> str:
        """Return the version that was shown where the form is only shown again."""
        return super().version if self.is_judged else self.data.get("version", "")

    def unjudged(self) -> Self:
        """Show what was typed, and find no fault with it yet: it was not sent to be saved."""
        self._errors = ErrorDict()
        self.is_judged = False
        for name, problem in self.problems.items():
            self._errors[name] = self.error_class([problem], renderer=self.renderer)
        return self

    def clean(self) -> dict[str, Any]:
        """Say first what was found before."""
        for name, problem in self.problems.items():
            self._errors.pop(name, None)
            self.add_error(name, problem)
        return super().clean()


class GeneralForm(ConnectionForm):
    """What the connection is called, and whose tokens it is about."""

    name = forms.CharField(
        label=_("Name"),
        help_text=_("Shown to administrators, and to people on the page of their linked accounts."),
        error_messages={"required": _("Enter a name.")},
        widget=forms.TextInput({"autocomplete": "off", "placeholder": _("Contoso workforce")}),
    )
    issuer = forms.CharField(
        label=_("Issuer"),
        help_text=_("Must equal the iss claim of its tokens exactly, with or without a slash."),
        error_messages={"required": _("Enter the issuer URL.")},
        widget=forms.TextInput({**MONO, "placeholder": "https://login.contoso.example"}),
    )
    alias = forms.CharField(
        label=_("Alias"),
        required=False,
        help_text=_(
            "The audience that this issuer writes into tokens for us. Empty: our own issuer only."
        ),
        widget=forms.TextInput({**MONO, "placeholder": "api://agio"}),
    )
    description = forms.CharField(
        label=_("Description"), required=False, widget=forms.Textarea({"rows": 3})
    )


class KeysForm(ConnectionForm):
    """How the issuer publishes its keys. Only the method that is chosen is saved."""

    key_source = forms.ChoiceField(
        label=_("How does this issuer publish its keys?"),
        choices=Connection.KeySource.choices,
        initial=Connection.KeySource.JWKS,
        widget=forms.RadioSelect,
    )
    jwks_uri = forms.CharField(
        label=_("JWKS URL"),
        required=False,
        help_text=_("Keys are read when they are needed, and again after 10 minutes."),
        widget=forms.TextInput({**MONO, "placeholder": "https://login.contoso.example/jwks.json"}),
    )
    certificates = forms.CharField(
        label=_("Or paste it"),
        required=False,
        strip=False,
        help_text=_("Several one below the other, such as the present one and the next."),
        widget=forms.Textarea({**MONO, "rows": 6, "placeholder": "-----BEGIN CERTIFICATE-----"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["jwks_uri"].is_conditional = True
        self.fields["certificates"].is_conditional = True

    def from_entry(self, entry: Mapping[str, Any]) -> dict[str, Any]:
        """Leave the certificates out: those there are have a list of their own."""
        return {name: entry[name] for name in ("key_source", "jwks_uri")}

    def clean_certificates(self) -> str:
        """Let nobody add a certificate that has expired already."""
        text = self.cleaned_data["certificates"].strip()
        if text and self.cleaned_data.get("key_source") == Connection.KeySource.CERTIFICATES:
            try:
                for certificate in parse(text.encode()):
                    check_validity(certificate, timezone.now())
            except CertificateRefused as refusal:
                raise forms.ValidationError(str(refusal)) from None
        return text

    def to_entry(self, cleaned: Mapping[str, Any]) -> dict[str, Any]:
        """Return the chosen method; the other keeps what is saved."""
        entry = {name: cleaned[name] for name in ("key_source", "algorithms") if name in cleaned}
        if entry.get("key_source") == Connection.KeySource.JWKS:
            entry["jwks_uri"] = cleaned.get("jwks_uri", "")
        elif text := cleaned.get("certificates"):
            entry["certificates"] = [*self._present(), {"pem": text}]
        return entry

    def _present(self) -> list[dict[str, str]]:
        """Return the certificates there are: what is added joins them."""
        if self.instance is None:
            return []
        return [{"pem": pem} for pem in self.instance.certificates.values_list("pem", flat=True)]


class KeysStepForm(KeysForm):
    """Signing keys in the wizard, where the metadata of the issuer fills in its algorithms."""

    algorithms = forms.MultipleChoiceField(
        label=_("Accepted algorithms"),
        choices=[(name, name) for name in ALGORITHMS],
        initial=sorted(DEFAULT_ALGORITHMS),
        error_messages={"required": _("Choose at least one algorithm.")},
        help_text=_("Tokens that are signed in another way are refused."),
        widget=forms.CheckboxSelectMultiple,
    )


class ReviewForm(ConnectionForm):
    """The last step: whether the connection begins to work at once."""

    enabled = forms.BooleanField(
        label=_("Enable this connection now"),
        required=False,
        initial=True,
        help_text=_("Turn it off to prepare a connection without accepting its tokens yet."),
    )
