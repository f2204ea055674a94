"""What allauth asks us: whom may it sign in, how are secrets kept, and who are we."""

from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from idp.remote import remote_address
from idp.tokens import vault


class AccountAdapter(DefaultAccountAdapter):
    """Sign in whoever proved to be a person whose account is usable."""

    def pre_login(self, request: HttpRequest, user: User, **_more: Any) -> HttpResponse | None:
        """
        Turn away a disabled or locked account, whatever it was proved with.

        In the words for a wrong password: others learn nothing about the account.
        """
        if user.is_usable:
            return None
        messages.error(request, _("You could not be signed in."))
        return HttpResponseRedirect(reverse("sign-in"))

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Let nobody make an account by themselves: administrators invite."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return where a request comes from, as everywhere else."""
        return remote_address(request) or "0.0.0.0"  # noqa: S104  no address to listen on

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Say nothing: our own pages tell what happened."""

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Send nothing here: see idp.signin.events."""


class SecondFactorAdapter(DefaultMFAAdapter):
    """Keep secrets sealed, and be the issuer, whatever Host a request came under."""

    def encrypt(self, text: str) -> str:
        """Seal a secret: a copy of the database is of no use."""
        return vault.seal(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Unseal it."""
        return vault.unseal(encrypted_text.encode()).decode()

    def get_totp_issuer(self) -> str:
        """Return the name under which apps list the account."""
        return host()

    def get_totp_label(self, user: User) -> str:
        """Return the name of the account in such an app."""
        return user.username

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Return who passkeys are for (WebAuthn 5.4.2)."""
        return {"id": host(), "name": "Agio"}

    def get_public_key_credential_user_entity(self, user: User) -> dict[str, Any]:
        """Return whose passkey it is, by names of our own."""
        return super().get_public_key_credential_user_entity(user) | {
            "name": user.username,
            "display_name": user.get_full_name() or user.username,
        }


def host() -> str:
    """Return the host name of the issuer."""
    return urlsplit(settings.ISSUER).hostname or ""


def has_second_factor(user: User) -> bool:
    """Say whether somebody has an authenticator app or a passkey."""
    kinds = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
    return Authenticator.objects.filter(user=user, type__in=kinds).exists()


def offers_passkeys() -> bool:
    """Say whether browsers make passkeys for this server: by name, never for a bare address."""
    try:
        ip_address(host())
    except ValueError:
        return True
    return False
