"""The keys that sign our own tokens: what there is, rotation, and the end of a key."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from idp import audit
from idp.addresses import absolute
from idp.console.access import administrators_only
from idp.console.buttons import button_of
from idp.console.changing import changing
from idp.console.editing import INVALID
from idp.console.forms import MONO
from idp.models import AccessToken, SigningKey
from idp.tokens import signing

FORMER = 20  # retired and withdrawn keys that are shown of each algorithm
MANY = 1000  # tokens; what is more is not counted
State = SigningKey.State


@dataclass(frozen=True, slots=True)
class Family:
    """The keys of one algorithm: those in use first, then the former ones."""

    algorithm: str
    keys: list[SigningKey]
    next_signs_from: datetime | None

    @property
    def can_rotate(self) -> bool:
        """Say whether verifiers had the time to read the next key."""
        return self.next_signs_from is not None and self.next_signs_from <= timezone.now()


@administrators_only
def keys(request: HttpRequest) -> HttpResponse:
    """Show every key."""
    return _page(request)


@administrators_only
@button_of("signing-keys")
def rotate(request: HttpRequest) -> HttpResponse:
    """Let the next key of an algorithm sign, or say from when on that can be."""
    algorithm = request.POST.get("algorithm", "")
    if algorithm not in signing.algorithms_in_use():
        raise Http404
    with changing(request):
        try:
            key = signing.rotate(algorithm, actor=audit.Actor.of(request))
        except signing.TooSoon:  # caught here: first keys that were made on the way are to stay
            return _page(request, INVALID, too_soon=algorithm)
    signing.forget_cached_keys()
    text = _("%(algorithm)s: %(kid)s signs from now on.")
    messages.success(request, text % {"algorithm": algorithm, "kid": key.kid})
    return redirect("signing-keys")


@administrators_only
def withdraw(request: HttpRequest, kid: str) -> HttpResponse:
    """Say what ends with a key, and end it once its ID was typed."""
    key = get_object_or_404(SigningKey, kid=kid)
    form = WithdrawForm(request.POST if request.method == "POST" else None, kid=kid)
    if form.is_valid() and key.state != State.WITHDRAWN:
        with changing(request):
            signing.withdraw(kid, actor=audit.Actor.of(request))
        signing.forget_cached_keys()
        text = _("%(kid)s is withdrawn. Tokens that it signed are inactive.")
        messages.success(request, text % {"kid": kid})
        return redirect("signing-keys")
    context = {
        "key": key,
        "form": form,
        "is_withdrawn": key.state == State.WITHDRAWN,
        "token_count": _living_tokens(kid),
        "many": MANY,
    }
    status = INVALID if form.is_bound else 200
    return render(request, "console/signing_keys_withdraw.html", context, status=status)


class WithdrawForm(forms.Form):
    """The ID of the key, typed: nobody withdraws one by accident."""

    kid = forms.CharField(
        label=gettext_lazy("Key ID"),
        error_messages={"required": gettext_lazy("Enter the key’s ID to confirm.")},
        widget=forms.TextInput(attrs=MONO),
    )

    def __init__(self, *args: object, kid: str, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.wanted = kid

    def clean_kid(self) -> str:
        """Compare, exactly."""
        if self.cleaned_data["kid"] != self.wanted:
            raise forms.ValidationError(_("Enter this key’s ID exactly: it is another one."))
        return self.wanted


def _page(request: HttpRequest, status: int = 200, too_soon: str = "") -> HttpResponse:
    context = {
        "families": [_family(algorithm) for algorithm in signing.algorithms_in_use()],
        "jwks_url": absolute("jwks"),
        "too_soon": too_soon,
        "minutes": signing.PUBLISHED_BEFORE_SIGNING // timedelta(minutes=1),
    }
    return render(request, "console/signing_keys.html", context, status=status)


def _family(algorithm: str) -> Family:
    found = SigningKey.objects.filter(algorithm=algorithm).defer("encrypted_private_key")
    in_use = {key.state: key for key in found.filter(state__in=[State.CURRENT, State.NEXT])}
    former = found.filter(state__in=[State.RETIRED, State.WITHDRAWN]).order_by("-retired_at")
    rows = [in_use[state] for state in (State.CURRENT, State.NEXT) if state in in_use]
    following = in_use.get(State.NEXT)
    since = following.created_at + signing.PUBLISHED_BEFORE_SIGNING if following else None
    rows += former[:FORMER]
    for key in rows:
        key.published_until = _published_until(key)
    return Family(algorithm, rows, since)


def _published_until(key: SigningKey) -> datetime | None:
    """Return until when a retired key is published; None for any other."""
    is_retired = key.state == State.RETIRED and key.retired_at
    return key.retired_at + signing.PUBLISHED_AFTER_RETIREMENT if is_retired else None


def _living_tokens(kid: str) -> int:
    living = AccessToken.objects.filter(kid=kid, expires_at__gt=timezone.now())
    return living[:MANY].count()
