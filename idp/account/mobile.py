"""One's mobile number: typed as people write it, kept as E.164, confirmed by a code (AL-07)."""

import secrets
import time
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters

from accounts.models import User
from accounts.names import e164
from idp import audit, limits
from idp.account.access import signed_in_only
from idp.account.reauthentication import recently_authenticated, typed_before
from idp.signin import text_messages
from idp.writing import turn_to_write

INVALID, UNAVAILABLE = 422, 503
PENDING = "pending_number"  # in the session: number, digest of the code, tries, end
GOOD_FOR = 600  # seconds
TRIES = 5


class NumberForm(forms.Form):
    """A mobile number, as people write it."""

    number = forms.CharField(
        label=gettext_lazy("Mobile number"),
        max_length=40,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["number"].help_text = (
            _("For example 030 123456 or +49 30 123456.")
            if settings.PHONE_REGION
            else _("With its country code, for example +49 30 123456.")
        )

    def clean_number(self) -> str:
        """Return the number as E.164."""
        number = e164(self.cleaned_data["number"], region=settings.PHONE_REGION)
        if number is None:
            raise forms.ValidationError(
                _("This is no phone number. Enter it with its country code, such as +49 30 123456.")
            )
        return number


@recently_authenticated()
def mobile(request: HttpRequest) -> HttpResponse:
    """Take a number, and send a code to it."""
    form = NumberForm(
        request.POST or typed_before(request), initial={"number": request.user.mobile}
    )
    status = 200
    if request.method == "POST":
        status = INVALID
        if form.is_valid() and _send(request, form):
            return redirect("confirm-mobile")
    context = {"form": form, "is_possible": text_messages.is_possible()}
    return render(request, "account/mobile.html", context, status=status)


def _send(request: HttpRequest, form: NumberForm) -> bool:
    """Send a code and remember it; say whether it went out."""
    if not text_messages.is_possible():
        form.add_error(None, _("This server sends no text messages."))
        return False
    number, code = form.cleaned_data["number"], f"{secrets.randbelow(10**6):06}"
    try:
        limits.spend(request.user, limits.TEXT_MESSAGES)
        text_messages.send(number, _("Your code for Agio is %s. Tell it to nobody.") % code)
    except limits.TooOften as problem:
        form.add_error(None, str(problem))
        return False
    except OSError:
        form.add_error(None, _("The message could not be sent. Try again later."))
        return False
    request.session[PENDING] = {
        "number": number,
        "code": _digest(request.user, number, code),
        "tries": 0,
        "ends": int(time.time()) + GOOD_FOR,
    }
    return True


@sensitive_post_parameters("code")
@signed_in_only
def confirm_mobile(request: HttpRequest) -> HttpResponse:
    """Take the code, and keep the number as verified."""
    pending = request.session.get(PENDING)
    if pending is None or pending["ends"] < time.time():
        messages.warning(request, _("The code is too old. Enter the number again."))
        return redirect("mobile")
    problem = ""
    if request.method == "POST":
        problem = _wrong(request, pending)
        if not problem:
            messages.success(request, _("The number is verified."))
            return redirect("account")
    context = {"number": pending["number"], "problem": problem}
    status = INVALID if problem else 200
    return render(request, "account/confirm_mobile.html", context, status=status)


def _wrong(request: HttpRequest, pending: dict[str, Any]) -> str:
    """Say what is wrong with a code; where nothing is, keep the number."""
    if pending["tries"] >= TRIES:
        return _("That was wrong too often. Enter the number again for a new code.")
    sent = _digest(request.user, pending["number"], request.POST.get("code", "").strip())
    if not constant_time_compare(sent, pending["code"]):
        # Counted in the session, which a second window shares; a new code costs a message.
        request.session[PENDING] = pending | {"tries": pending["tries"] + 1}
        return _("This is not the code that was sent.")
    del request.session[PENDING]
    return "" if _keep(request, pending["number"]) else _("This number cannot be used here.")


def _keep(request: HttpRequest, number: str) -> bool:
    """Keep a number as verified; say no where somebody else has it."""
    try:
        with turn_to_write(), transaction.atomic():
            user = User.objects.select_for_update().get(pk=request.user.pk)
            before = audit.describe(user)
            user.mobile, user.mobile_verified = number, True
            user.save(update_fields=["mobile", "mobile_verified"])
            audit.record_changes(
                user, before=before, after=audit.describe(user), actor=audit.Actor.of(request)
            )
    except IntegrityError:
        return False
    return True


def _digest(user: User, number: str, code: str) -> str:
    return salted_hmac(f"mobile {user.pk}", f"{number} {code}", algorithm="sha256").hexdigest()
