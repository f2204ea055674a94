"""How somebody signs in: the password, an authenticator app, passkeys, recovery codes."""

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView, ViewRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from allauth.mfa.webauthn.views import AddWebAuthnView, RemoveWebAuthnView
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.forms import PasswordChangeForm
from django.db import transaction
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _

from accounts.models import User
from idp import audit
from idp.account.access import signed_in_only
from idp.account.reauthentication import recently_authenticated
from idp.password_reset import LONGEST_PASSWORD, describe_new_password
from idp.signin.adapters import offers_passkeys
from idp.writing import turn_to_write

INVALID = 422
SECURITY = reverse_lazy("security")
proved = method_decorator(recently_authenticated(), name="dispatch")


@signed_in_only
def security(request: HttpRequest) -> HttpResponse:
    """Show how one signs in, and what one could add."""
    factors = Authenticator.objects.filter(user=request.user).order_by("created_at", "pk")
    kinds: dict[str, list[Any]] = {}
    for factor in factors:
        kinds.setdefault(factor.type, []).append(factor)
    codes = [factor.wrap() for factor in kinds.get("recovery_codes", [])]
    context = {
        "app": next(iter(kinds.get("totp", [])), None),
        "passkeys": [factor.wrap() for factor in kinds.get("webauthn", [])],
        "codes_left": len(codes[0].get_unused_codes()) if codes else 0,
        "has_factor": bool(kinds.keys() - {"recovery_codes"}),
        "offers_passkeys": offers_passkeys(),
    }
    return render(request, "account/security.html", context)


class InvalidIs422:
    """Answer a form with mistakes by 422, as everywhere."""

    def form_invalid(self, form: Form) -> HttpResponse:
        """Show what is wrong."""
        response = super().form_invalid(form)  # type: ignore[misc]
        response.status_code = INVALID
        return response


@proved
class AddAppView(InvalidIs422, ActivateTOTPView):
    """Add an authenticator app (RFC 6238)."""

    template_name = "account/add_app.html"


@proved
class RemoveAppView(InvalidIs422, DeactivateTOTPView):
    """Remove the authenticator app."""

    template_name = "account/remove_factor.html"
    success_url = SECURITY
    extra_context = {"is_app": True}


@proved
class AddPasskeyView(InvalidIs422, AddWebAuthnView):
    """Add a passkey (WebAuthn)."""

    template_name = "account/add_passkey.html"
    extra_context = {"is_passkey": True}


@proved
class RemovePasskeyView(RemoveWebAuthnView):
    """Remove a passkey."""

    template_name = "account/remove_factor.html"
    success_url = SECURITY


@proved
class NewCodesView(InvalidIs422, GenerateRecoveryCodesView):
    """Make new recovery codes; those from before are good no more."""

    template_name = "account/new_codes.html"


@method_decorator(signed_in_only, name="dispatch")
class CodesView(ViewRecoveryCodesView):
    """Show recovery codes that were just made: once."""

    template_name = "account/codes.html"

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        """Write the codes one to a line."""
        found = super().get_context_data(**more)
        return found | {"codes": "\n".join(found["unused_codes"])}


@recently_authenticated()
def change_password(request: HttpRequest) -> HttpResponse:
    """Set another password; every other session of the account ends by it."""
    form = PasswordForm(request.user, request.POST or None)
    if request.method != "POST" or not form.is_valid():
        status = INVALID if form.errors else 200
        return render(request, "account/password.html", {"form": form}, status=status)
    with turn_to_write(), transaction.atomic():
        user = User.objects.select_for_update().get(pk=request.user.pk)
        before = audit.describe(user)
        user.set_password(form.cleaned_data["new_password1"])
        user.save(update_fields=["password"])
        audit.record_changes(
            user, before=before, after=audit.describe(user), actor=audit.Actor.of(request)
        )
    update_session_auth_hash(request, user)
    messages.success(request, _("The password was changed. Other sessions were signed out."))
    return redirect("security")


class PasswordForm(PasswordChangeForm):
    """The password so far, and the new one twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["old_password"].max_length = LONGEST_PASSWORD
        describe_new_password(self)
