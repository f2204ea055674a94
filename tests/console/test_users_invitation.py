"""An administrator invites somebody; only who opens the link can set the password."""

import pytest
from django.core import mail

from accounts.models import User
from idp.models import AuditEvent


@pytest.fixture(autouse=True)
def mail_server(settings):
    """Have one, and keep what it would send."""
    settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}
    mail.outbox = []


@pytest.fixture
def guest(db) -> User:
    """Return somebody who was just entered."""
    return User.objects.create_user("guest", email="guest@ours.example")


def invite(console, user):
    """Press the button."""
    return console.post(f"/console/users/{user.public_id}/invite/")


def test_the_button_sends_the_link_and_the_log_has_it(console, guest):
    page = console.get(f"/console/users/{guest.public_id}/").content.decode()
    assert "Send an invitation" in page

    assert invite(console, guest).status_code == 302

    (message,) = mail.outbox
    assert message.to == ["guest@ours.example"]
    assert "https://id.ours.example/sign-in/invited/" in message.body
    event = AuditEvent.objects.get()
    assert (event.action, event.actor_name) == ("user.invitation-requested", "root")
    assert "invited/" not in str(event.after)


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        ({"email": ""}, "has no e-mail address"),
        ({"is_active": False}, "disabled or locked"),
        ({"password": "pbkdf2$x"}, "have a password already"),
    ],
    ids=["no-address", "disabled", "has-password"],
)
def test_who_cannot_be_invited_is_not(console, guest, state, sentence):
    User.objects.filter(pk=guest.pk).update(**state)

    response = invite(console, guest)

    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert mail.outbox == []
    assert "Send an invitation" not in response.content.decode()
