"""After the password a code or a passkey; or a passkey alone."""

from typing import Any

from allauth.account.models import Login
from allauth.account.utils import get_next_redirect_url
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.forms import LoginWebAuthnForm
from allauth.mfa.webauthn.internal import auth, flows
from allauth.mfa.webauthn.views import LoginWebAuthnView
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from idp import throttle
from idp.console import resend
from idp.errors import TooManyRequests
from idp.remote import remote_address
from idp.signin.adapters import offers_passkeys
from idp.signin.codes import spend
from idp.signin.password import too_many

INVALID = 422


class CodeForm(AuthenticateForm):
    """A code, accepted once."""

    def clean_code(self) -> str:
        """Refuse a code that was used before."""
        code = super().clean_code()
        if not spend(self.authenticator, code):
            raise ValidationError(_("This code was used already. Wait for the next one."))
        return code


class SecondFactorView(AuthenticateView):
    """Ask whoever gave the right password for the second factor."""

    template_name = "signin/second_factor.html"
    form_class = CodeForm

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Look at the code, unless too many were wrong: it has six digits only (AT-109)."""
        try:
            throttle.check(self._who(), remote_address(request))
        except TooManyRequests as refusal:
            return too_many(request, refusal)
        return super().post(request, *args, **kwargs)

    def form_invalid(self, form: Form) -> HttpResponse:
        """Count a wrong code, and ask again."""
        throttle.note_failure(self._who(), remote_address(self.request))
        response = super().form_invalid(form)
        response.status_code = INVALID
        return response

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        """Say which factors this person has."""
        user = self.stage.login.user
        kinds = set(user.authenticator_set.values_list("type", flat=True))
        has_passkey = "webauthn" in kinds and offers_passkeys()
        return super().get_context_data(**more) | {
            "has_code": "totp" in kinds,
            "has_passkey": has_passkey,
            "has_recovery_codes": "recovery_codes" in kinds,
        }

    def _who(self) -> str:
        # By person, not by session: a new session is for free.
        return f"second factor {self.stage.login.user.pk}"


@require_POST
def sign_in_again(request: HttpRequest) -> HttpResponse:
    """Forget who gave the right password, and begin anew."""
    request.session.flush()
    return HttpResponseRedirect(reverse("sign-in"))


class PasskeyForm(LoginWebAuthnForm):
    """What a passkey answered that somebody unlocked."""

    def clean_credential(self) -> Authenticator:
        """
        Refuse a key that was only touched, whatever the challenge demanded (WebAuthn 6.1).

        The library keeps one challenge for a session: that of a second factor, which need not be
        unlocked, would do here once the sign-in it was for has timed out. Whoever found a key could
        then sign in as its owner.
        """
        answer = self.cleaned_data["credential"]
        authenticator: Authenticator = super().clean_credential()
        data = auth.parse_authentication_response(answer).response.authenticator_data
        if not data.is_user_verified():
            raise ValidationError(_("This passkey was not unlocked."))
        return authenticator


class PasskeySignInView(LoginWebAuthnView):
    """Sign somebody in by a passkey alone: it proves possession, and who unlocked it."""

    form_class = PasskeyForm

    def form_valid(self, form: Form) -> HttpResponse:
        """Sign in, and go where one wanted to go; what waits to be sent again goes along."""
        authenticator = form.cleaned_data["credential"]
        target = get_next_redirect_url(self.request)
        login = Login(user=authenticator.user, redirect_url=target)
        response = flows.perform_passwordless_login(self.request, authenticator, login)
        resend.remember(self.request)
        return response

    def form_invalid(self, form: Form) -> HttpResponse:
        """Lead back to signing in, with one sentence for whatever was wrong."""
        messages.error(self.request, _("This passkey did not work here. Sign in another way."))
        target = get_next_redirect_url(self.request)
        query = f"?{urlencode({'next': target})}" if target else ""
        return HttpResponseRedirect(reverse("sign-in") + query)
