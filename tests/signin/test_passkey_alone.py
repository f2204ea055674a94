"""A passkey alone: possession is not enough, somebody must have unlocked it (WebAuthn 6.1)."""

import json

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from allauth.mfa.webauthn.internal.auth import STATE_SESSION_KEY
from django.test import Client

from accounts.models import User
from tests.signin.conftest import PASSWORD, SECRET, is_signed_in, sign_in
from tests.signin.security_key import SecurityKey

PAGE = "/sign-in/passkey/"


@pytest.fixture
def key(ada: User) -> SecurityKey:
    """Return the security key that ada has added."""
    key = SecurityKey(ada)
    key.register()
    return key


def asked_for_a_passkey(client: Client) -> str:
    """Return the challenge for whoever signs in by a passkey alone."""
    options = client.get(PAGE, HTTP_X_REQUESTED_WITH="XMLHttpRequest").json()["request_options"]
    return options["publicKey"]["challenge"]


def asked_for_a_second_factor(client: Client, name: str) -> str:
    """Return the challenge for somebody who has given their password."""
    page = sign_in(client, name).url
    assert client.get(page).status_code == 200
    return client.session[STATE_SESSION_KEY]["challenge"]


def let_an_hour_pass(client: Client) -> None:
    """Make the sign-in that waits for its second factor an old one."""
    session = client.session
    session["account_login"]["initiated_at"] -= 3600
    session.save()


def send(client: Client, credential: dict[str, object]):
    """Send what the passkey answered."""
    return client.post(PAGE, {"credential": json.dumps(credential)})


def test_a_passkey_that_was_unlocked_signs_in(client, key):
    send(client, key.sign(asked_for_a_passkey(client), unlocked=True))

    assert is_signed_in(client)


def test_a_key_that_nobody_unlocked_does_not(client, key):
    send(client, key.sign(asked_for_a_passkey(client), unlocked=False))

    assert not is_signed_in(client)


def test_nor_does_it_by_the_challenge_of_a_second_factor(client, key):
    """A second factor need not be unlocked: its challenge must not open the other door."""
    mallory = User.objects.create_user("mallory", PASSWORD)
    TOTP.activate(mallory, SECRET)
    SecurityKey(mallory).register()
    challenge = asked_for_a_second_factor(client, "mallory")
    let_an_hour_pass(client)  # the password is forgotten, the challenge is not

    send(client, key.sign(challenge, unlocked=False))

    assert not is_signed_in(client)


def test_an_account_that_was_locked_is_not_signed_in(client, ada, key):
    User.objects.update(is_active=False)

    send(client, key.sign(asked_for_a_passkey(client), unlocked=True))
    User.objects.update(is_active=True)

    assert not is_signed_in(client)
