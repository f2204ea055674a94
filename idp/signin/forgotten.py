"""Ask for a link to set a new password; whether there is such an account is not told (AT-128)."""

import logging
import threading

from django import forms
from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _

from accounts import reset
from accounts.backends import find_by_name
from accounts.models import User
from idp import limits, throttle
from idp.errors import TooManyRequests
from idp.password_reset import send_link
from idp.remote import remote_address
from idp.signin.password import too_many

logger = logging.getLogger(__name__)
INVALID = 422


class NameForm(forms.Form):
    """Who one is."""

    name = forms.CharField(
        label=_("Username or e-mail address"),
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "username"}),
    )


def forgotten(request: HttpRequest) -> HttpResponse:
    """Take a name; the answer is the same for everybody, and comes as fast."""
    form = NameForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        status = INVALID if form.errors else 200
        context = {"form": form, "sends_mail": bool(settings.MAILERS)}
        return render(request, "signin/forgotten.html", context, status=status)
    address = remote_address(request)
    try:
        throttle.check("forgotten", address)
    except TooManyRequests as refusal:
        return too_many(request, refusal)
    throttle.note_failure("forgotten", address)  # each question counts: names are guessed here, too
    # Whether a message goes out takes time, and would tell whether there is somebody.
    threading.Thread(target=_answer_apart, args=[form.cleaned_data["name"]], daemon=True).start()
    return redirect("forgotten-sent")


def forgotten_sent(request: HttpRequest) -> HttpResponse:
    """Say what happens next, if there is such an account."""
    return render(request, "signin/forgotten_sent.html")


def answer(name: str) -> None:
    """Send a link to whoever has this name, and may have one."""
    user = find_by_name(name)
    if user is not None and settings.MAILERS and not reset.obstacle(user):
        _send(user)


def _answer_apart(name: str) -> None:
    try:
        answer(name)
    except Exception:
        logger.exception("A link to set a new password could not be sent.")
    finally:
        connection.close()


def _send(user: User) -> None:
    try:
        limits.spend(user, limits.OWN_RESET_MAILS)
        send_link(user)
    except limits.TooOften:
        logger.info("Too many links were asked for.")
    except OSError as problem:  # smtplib's errors are OSErrors
        logger.warning("The mail server did not take a password reset: %s", type(problem).__name__)
