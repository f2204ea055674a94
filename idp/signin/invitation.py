"""An invitation by e-mail: whoever opens it sets a password, and has proved the address."""

from django.conf import settings
from django.contrib import messages
from django.core.mail import EmailMessage
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from accounts import letters
from accounts.models import User
from idp import audit, mail
from idp.addresses import absolute
from idp.password_reset import NewPasswordForm
from idp.remote import remote_address
from idp.writing import turn_to_write

INVALID = 422


def obstacle(user: User) -> str | Promise:
    """Say why somebody cannot be invited; return an empty text if they can."""
    if user.has_usable_password():
        return gettext_lazy("They have a password already.")
    if not user.is_usable:
        return gettext_lazy("The account is disabled or locked.")
    if not user.email:
        return gettext_lazy("The account has no e-mail address. Enter one first.")
    return mail.obstacle()


def send(user: User) -> None:
    """
    Send an invitation.

    :raises OSError: where the mail server is not there or refuses
    """
    context = {
        "user": user,
        "issuer": settings.ISSUER,
        "link": absolute("invited", letters.write(user, letters.INVITATION)),
        "days": letters.GOOD_FOR[letters.INVITATION].days,
    }
    EmailMessage(
        subject=_("You are invited"),
        body=render_to_string("signin/invitation.txt", context),
        from_email=settings.EMAIL_FROM,
        to=[user.email],
    ).send()


@sensitive_post_parameters()
@never_cache
def invited(request: HttpRequest, secret: str) -> HttpResponse:
    """Let whoever has the link set the first password, once."""
    found = letters.read(secret, letters.INVITATION)
    if found is None or found[0].has_usable_password():
        return render(request, "signin/void_invitation.html", status=404)
    form = NewPasswordForm(found[0], request.POST or None)
    if request.method != "POST" or not form.is_valid():
        context = {"form": form, "user": found[0]}
        status = INVALID if form.errors else 200
        return render(request, "signin/invited.html", context, status=status)
    if not _accept(request, secret, form):
        return render(request, "signin/void_invitation.html", status=404)
    messages.success(request, _("Your password is set. Sign in with it."))
    return redirect("sign-in")


def _accept(request: HttpRequest, secret: str, form: NewPasswordForm) -> bool:
    """Save the password and the proof of the address, unless the link was used a moment ago."""
    with turn_to_write(), transaction.atomic():
        user = User.objects.select_for_update().get(pk=form.user.pk)
        if letters.read(secret, letters.INVITATION) is None:
            return False
        before = audit.describe(user)
        user.set_password(form.cleaned_data["new_password1"])
        user.email_verified = True
        user.save(update_fields=["password", "email_verified"])
        actor = audit.Actor(user.username, str(user.public_id), remote_address(request))
        audit.record_changes(user, before=before, after=audit.describe(user), actor=actor)
    return True
