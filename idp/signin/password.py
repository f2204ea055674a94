"""Sign in by a name and a password; whoever has a second factor is asked for it next."""

from typing import Any

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from django.conf import settings
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.core.validators import ProhibitNullCharactersValidator
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from accounts.names import search_key
from idp import throttle
from idp.console import resend
from idp.errors import TooManyRequests
from idp.remote import remote_address
from idp.signin.adapters import offers_passkeys


class SignInForm(AuthenticationForm):
    """A username or a verified e-mail address, and the password."""

    error_messages = AuthenticationForm.error_messages | {
        "invalid_login": _("This name and password do not go together. Please try again.")
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name = self.fields["username"]
        name.label = _("Username or e-mail address")
        # A length of its own: the address of an account may be longer than a username.
        name.max_length = name.widget.attrs["maxlength"] = 254
        name.validators = [ProhibitNullCharactersValidator()]


class SignInView(LoginView):
    """Sign somebody in; what they had typed when their session ended goes along."""

    form_class = SignInForm
    template_name = "signin/sign_in.html"
    extra_context = {"error_from_passkey": False}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Look at the password, unless too many were wrong: guessing is slowed down (AT-109)."""
        try:
            throttle.check(self._who(), remote_address(request))
        except TooManyRequests as refusal:
            return too_many(request, refusal)
        return super().post(request, *args, **kwargs)

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        """Say whether one can sign in by a passkey, and ask for a new password."""
        return super().get_context_data(
            offers_passkeys=offers_passkeys(), sends_mail=bool(settings.MAILERS), **more
        )

    def form_invalid(self, form: Form) -> HttpResponse:
        """Count a wrong password, or a name that nobody has: the same for both."""
        throttle.note_failure(self._who(), remote_address(self.request))
        return super().form_invalid(form)

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        """Sign in, or ask for the second factor first; remember what waits to be sent again."""
        login = Login(user=form.get_user(), redirect_url=self.get_success_url())
        response = perform_password_login(self.request, {}, login)
        resend.remember(self.request)
        return response

    def _who(self) -> str:
        """Return under what the failures of this name are counted, however it is spelled."""
        return f"sign-in {search_key(self.request.POST.get('username', '')[:254])}"


def too_many(request: HttpRequest, refusal: TooManyRequests) -> HttpResponse:
    """Say that there were too many failures, and when to try again."""
    context = {
        "retry_after": refusal.retry_after,
        "next": request.POST.get("next", ""),
        "kept": request.POST.get("kept", ""),
    }
    response = render(request, "signin/too_many.html", context, status=429)
    response["Retry-After"] = str(refusal.retry_after)
    return response
