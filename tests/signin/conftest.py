"""Somebody who signs in, with and without a second factor."""

import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.test import Client

from accounts.models import User
from tests.fixtures import person

PASSWORD = "correct horse battery staple"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture
def ada(db: None) -> User:
    """Return somebody with a password and a verified address."""
    return person("ada", PASSWORD, email="ada@ours.example", email_verified=True)


@pytest.fixture
def app(ada: User) -> Authenticator:
    """Give ada an authenticator app, and recovery codes."""
    RecoveryCodes.activate(ada)
    return TOTP.activate(ada, SECRET).instance


def code(at: float | None = None) -> str:
    """Return what the app shows."""
    counter = int((at or time.time()) // 30)
    return format_hotp_value(hotp_value(SECRET, counter))


def sign_in(client: Client, name: str = "ada", password: str = PASSWORD, **more: str):
    """Send the form of the sign-in page."""
    return client.post("/sign-in/", {"username": name, "password": password} | more)


def is_signed_in(client: Client) -> bool:
    """Say whether pages of an account are shown."""
    return client.get("/account/").status_code == 200
