"""Before what cannot be undone: prove again that it is you (AL-03)."""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.mfa.base.forms import ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.forms import ReauthenticateWebAuthnForm
from allauth.mfa.webauthn.internal.auth import begin_authentication
from django import forms
from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from accounts.models import User
from idp import throttle
from idp.account.access import signed_in_only
from idp.errors import TooManyRequests
from idp.remote import remote_address
from idp.signin.adapters import offers_passkeys
from idp.signin.codes import spend

type View = Callable[..., HttpResponse]

PROVED_AT = "proved_at"  # in the session, seconds since the epoch
TYPED = "typed_before_the_proof"
MAXIMUM_TYPED = 20_000  # characters
INVALID = 422


@receiver(user_logged_in, dispatch_uid="reauthentication")
def note_proof(request: HttpRequest, **_more: Any) -> None:
    """Remember when somebody proved who they are, in their session."""
    request.session[PROVED_AT] = int(time.time())


def is_recent(request: HttpRequest) -> bool:
    """Say whether that was no longer ago than settings.REAUTHENTICATION seconds."""
    age = time.time() - request.session.get(PROVED_AT, 0)
    return 0 <= age < settings.REAUTHENTICATION


def recently_authenticated(back: str = "") -> Callable[[View], View]:
    """
    Return what shows a view to whoever proved a moment ago who they are; others do so first.

    They come back to the page by GET, or to the one called `back`, and click again: nothing is
    carried out by the proof alone.
    """

    def decorate(view: View) -> View:
        @signed_in_only
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if is_recent(request):
                return view(request, *args, **kwargs)
            _keep_typed(request)
            address = reverse(back) if back else request.path
            return HttpResponseRedirect(f"{reverse('confirm')}?{urlencode({'next': address})}")

        return guarded

    return decorate


def _keep_typed(request: HttpRequest) -> None:
    """Keep what was typed into a form whose proof became too old meanwhile; no passwords."""
    typed = request.POST.copy() if request.method == "POST" else QueryDict(mutable=True)
    for name in [name for name in typed if "password" in name or name == "csrfmiddlewaretoken"]:
        del typed[name]
    text = typed.urlencode()
    if text and len(text) <= MAXIMUM_TYPED:
        request.session[TYPED] = {"path": request.path, "text": text}


def typed_before(request: HttpRequest) -> QueryDict | None:
    """Return, once, what was typed into this page's form before the proof; None for nothing."""
    kept = request.session.get(TYPED)
    if kept is None or kept["path"] != request.path or request.method != "GET":
        return None
    del request.session[TYPED]
    return QueryDict(kept["text"])


class PasswordForm(forms.Form):
    """The password once more."""

    password = forms.CharField(
        label=gettext_lazy("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_password(self) -> str:
        """Refuse another one than this person's."""
        password = self.cleaned_data["password"]
        if not self.user.check_password(password):
            raise forms.ValidationError(_("This is not your password."), code="wrong")
        return password


class CodeForm(ReauthenticateForm):
    """A code, accepted once."""

    def clean_code(self) -> str:
        """Refuse a code that was used before."""
        code = super().clean_code()
        if not spend(self.authenticator, code):
            raise forms.ValidationError(_("This code was used already. Wait for the next one."))
        return code


class ProofView(TemplateView):
    """Ask for the password, a code or a passkey, and lead back to where that was needed."""

    template_name = "account/confirm.html"

    def post(self, request: HttpRequest, **_more: Any) -> HttpResponse:
        """Look at the one proof that was sent, unless too many were wrong (AT-109)."""
        who, address = f"confirm {request.user.pk}", remote_address(request)
        try:
            throttle.check(who, address)
        except TooManyRequests:
            # It is not looked at: a code that is right would be used up.
            return self.render_to_response(self.get_context_data(too_often=True), status=INVALID)
        form = self._sent()
        if form.is_valid():
            note_proof(request)
            return HttpResponseRedirect(_back(request))
        throttle.note_failure(who, address)
        return self.render_to_response(self.get_context_data(sent=form), status=INVALID)

    def _sent(self) -> forms.Form:
        request, user = self.request, self.request.user
        if "credential" in request.POST:
            return ReauthenticateWebAuthnForm(user=user, data=request.POST)
        if "code" in request.POST:
            return CodeForm(user=user, data=request.POST)
        return PasswordForm(user, request.POST)

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        """Offer the ways of proof that this person has."""
        user, sent = self.request.user, more.get("sent")
        kinds = set(Authenticator.objects.filter(user=user).values_list("type", flat=True))
        found: dict[str, Any] = {
            "too_often": False,
            "form": sent if isinstance(sent, PasswordForm) else PasswordForm(user),
            "code_form": sent if isinstance(sent, ReauthenticateForm) else None,
            "passkey_form": sent if isinstance(sent, ReauthenticateWebAuthnForm) else None,
            "has_password": user.has_usable_password(),
            "has_code": "totp" in kinds,
            "has_passkey": "webauthn" in kinds and offers_passkeys(),
            "next": _back(self.request),
        }
        if found["has_passkey"]:
            found["options"] = begin_authentication(user)
        return super().get_context_data() | found | more


confirm = signed_in_only(ProofView.as_view())


def _back(request: HttpRequest) -> str:
    back = request.POST.get("next") or request.GET.get("next", "")
    return back if url_has_allowed_host_and_scheme(back, allowed_hosts=None) else reverse("account")
