"""A link by e-mail that lets somebody set a new password, and the page it leads to."""

from django.conf import settings
from django.contrib.auth.forms import SetPasswordForm
from django.contrib.auth.views import INTERNAL_RESET_SESSION_TOKEN, PasswordResetConfirmView
from django.core.mail import EmailMessage
from django.core.validators import MaxLengthValidator
from django.db import transaction
from django.forms import Form
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import reset
from accounts.models import User
from idp import audit
from idp.addresses import absolute
from idp.remote import remote_address
from idp.writing import turn_to_write

LONGEST_PASSWORD = 128


def send_link(user: User) -> None:
    """
    Send somebody a link to set a new password.

    :raises OSError: where the mail server is not there or refuses; smtplib's errors are OSErrors
    """
    context = {
        "user": user,
        "issuer": settings.ISSUER,
        "link": absolute("password-reset", *reset.make_secret(user)),
        "minutes": settings.PASSWORD_RESET_TIMEOUT // 60,
    }
    text = render_to_string("signin/password_reset_email.txt", context)
    EmailMessage(
        subject=_("Set a new password"),
        body=text,
        from_email=settings.EMAIL_FROM,
        to=[user.email],
    ).send()


class NewPasswordForm(SetPasswordForm):
    """The new password, twice."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        describe_new_password(self)


def describe_new_password(form: Form) -> None:
    """Say in a form what a new password must be, in words of ours, and bound its length."""
    first, second = form.fields["new_password1"], form.fields["new_password2"]
    first.help_text = gettext_lazy("At least 8 characters, and nothing easily guessed.")
    second.label, second.help_text = gettext_lazy("The same again"), ""
    for field in (first, second):
        field.validators.append(MaxLengthValidator(LONGEST_PASSWORD))


class NewPasswordView(PasswordResetConfirmView):
    """
    Let whoever has the link set a new password.

    Django takes the secret out of the address before it shows a page, so that no Referer and no
    screen shows it. The policy stays same-origin: with none, browsers hide the Origin of the form,
    and its protection against forgery would refuse it.
    """

    form_class = NewPasswordForm
    success_url = reverse_lazy("password-reset-done")
    template_name = "signin/password_reset_confirm.html"

    def get_user(self, uidb64: str) -> User | None:
        """Find whose link it is: nobody's where the account is disabled or locked."""
        return reset.find_owner(uidb64)

    def form_valid(self, form: NewPasswordForm) -> HttpResponse:
        """Save the password, unless the link was used a moment ago; other sessions end by it."""
        with turn_to_write(), transaction.atomic():
            user = User.objects.select_for_update().get(pk=self.user.pk)
            secret = self.request.session.pop(INTERNAL_RESET_SESSION_TOKEN, None)
            if not (user.is_usable and reset.is_good(user, secret)):
                self.validlink = False
                return self.render_to_response(self.get_context_data())
            self._save(user, form)
        return super(PasswordResetConfirmView, self).form_valid(form)

    def form_invalid(self, form: NewPasswordForm) -> HttpResponse:
        """Show what is wrong."""
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def _save(self, user: User, form: NewPasswordForm) -> None:
        before = audit.describe(user)
        user.set_password(form.cleaned_data["new_password1"])
        user.save(update_fields=["password"])
        actor = audit.Actor(user.username, str(user.public_id), remote_address(self.request))
        audit.record_changes(user, before=before, after=audit.describe(user), actor=actor)
