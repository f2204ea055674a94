"""The secret of a link that lets somebody set a new password: who may have one, and whose it is."""

import uuid

from django.contrib.auth.tokens import default_token_generator
from django.utils.functional import Promise
from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode
from django.utils.translation import gettext_lazy as _

from accounts.models import User


def obstacle(user: User) -> str | Promise:
    """
    Say why somebody gets no link by e-mail; return an empty text if they may have one.

    Whoever reads an address takes over the account, so an address that nobody verified gets none.
    """
    if not user.is_active:
        return _("The account is disabled. Enable it first.")
    if user.locked_at:
        return _("The account is locked. Unlock it first.")
    if not user.email:
        return _("The account has no e-mail address. Enter one first.")
    if not user.email_verified:
        return _(
            "The e-mail address is not verified: whoever reads it could take over the account. "
            "Make sure whose it is, and switch on “E-mail address verified” first."
        )
    return ""


def make_secret(user: User) -> tuple[str, str]:
    """
    Return who is meant and the secret: both stand in the link.

    It is good for settings.PASSWORD_RESET_TIMEOUT seconds, until the password or the address
    changes, or until they sign in.
    """
    return urlsafe_base64_encode(user.public_id.bytes), default_token_generator.make_token(user)


def find_owner(text: str) -> User | None:
    """Return the person a link means, while their account is usable."""
    try:
        public_id = uuid.UUID(bytes=urlsafe_base64_decode(text))
    except ValueError:
        return None
    user = User.objects.filter(public_id=public_id).first()
    return user if user and user.is_usable else None


def is_good(user: User, secret: str | None) -> bool:
    """Say whether the secret is this person's, in time, and not used yet."""
    return default_token_generator.check_token(user, secret)
