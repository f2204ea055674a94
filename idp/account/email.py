"""One's e-mail address: confirmed by a link that is sent to it."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.mail import EmailMessage
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import letters
from accounts.models import User
from idp import audit, limits, mail
from idp.account.access import signed_in_only
from idp.account.reauthentication import recently_authenticated, typed_before
from idp.addresses import absolute
from idp.writing import turn_to_write

INVALID = 422


class AddressForm(forms.Form):
    """The address one wants to have."""

    email = forms.EmailField(
        label=gettext_lazy("E-mail address"),
        max_length=254,
        help_text=gettext_lazy("A link is sent there. The address counts once you open it."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


@recently_authenticated()
def email(request: HttpRequest) -> HttpResponse:
    """Take an address and send a link to it; whether somebody else has it is not told."""
    form = AddressForm(request.POST or typed_before(request), initial={"email": request.user.email})
    status = 200
    if request.method == "POST":
        status = INVALID
        if form.is_valid() and _send(request, form):
            address = form.cleaned_data["email"]
            messages.success(request, _("A link was sent to %s. Open it here.") % address)
            return redirect("account")
    context = {"form": form, "obstacle": mail.obstacle()}
    return render(request, "account/email.html", context, status=status)


def _send(request: HttpRequest, form: AddressForm) -> bool:
    user, address = request.user, form.cleaned_data["email"]
    if obstacle := mail.obstacle():
        form.add_error(None, obstacle)
        return False
    try:
        limits.spend(user, limits.ADDRESS_MAILS)
        send_link(user, address)
    except limits.TooOften as problem:
        form.add_error(None, str(problem))
        return False
    except OSError:  # smtplib's errors are OSErrors
        form.add_error(None, _("The mail server did not take the message. Try again later."))
        return False
    return True


def send_link(user: User, address: str) -> None:
    """
    Send a link that confirms an address.

    :raises OSError: where the mail server is not there or refuses
    """
    secret = letters.write(user, letters.NEW_ADDRESS, email=address)
    context = {
        "user": user,
        "address": address,
        "issuer": settings.ISSUER,
        "link": absolute("confirm-email", secret),
    }
    EmailMessage(
        subject=_("Confirm your e-mail address"),
        body=render_to_string("account/confirm_email.txt", context),
        from_email=settings.EMAIL_FROM,
        to=[address],
    ).send()


@signed_in_only
def confirm_email(request: HttpRequest, secret: str) -> HttpResponse:
    """Ask whoever opened the link, and is signed in as the one it was made for; then keep it."""
    found = letters.read(secret, letters.NEW_ADDRESS)
    if found is None or found[0].pk != request.user.pk:
        return render(request, "account/void_letter.html", status=404)
    address = found[1]["email"]
    if request.method != "POST":
        return render(request, "account/confirm_email.html", {"address": address})
    if not _keep(request, secret, address):
        return render(request, "account/void_letter.html", status=INVALID)
    messages.success(request, _("Your address is %s now.") % address)
    return redirect("account")


def _keep(request: HttpRequest, secret: str, address: str) -> bool:
    """Keep an address as verified; say no where somebody else has it, or the letter is void now."""
    try:
        with turn_to_write(), transaction.atomic():
            user = User.objects.select_for_update().get(pk=request.user.pk)
            if letters.read(secret, letters.NEW_ADDRESS) is None:
                return False
            before: dict[str, Any] = audit.describe(user)
            user.email, user.email_verified = address, True
            user.save(update_fields=["email", "email_verified"])
            audit.record_changes(
                user, before=before, after=audit.describe(user), actor=audit.Actor.of(request)
            )
    except IntegrityError:
        return False
    return True
