"""Links by e-mail: to confirm an address, to set a forgotten password, to accept an invitation."""

import re

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.test import Client

from accounts import epoch, letters
from accounts.models import User
from idp.models import AuditEvent
from idp.signin import forgotten, invitation
from tests.fixtures import change
from tests.signin.conftest import PASSWORD, is_signed_in, sign_in

NEW = {"new_password1": "a new one that is long", "new_password2": "a new one that is long"}


@pytest.fixture(autouse=True)
def mail_server(settings):
    """Send e-mail to nowhere."""
    settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}


@pytest.fixture
def signed_in(client, ada) -> Client:
    """Return ada's browser."""
    sign_in(client)
    return client


def link() -> str:
    """Return the path in the last message."""
    return re.search(r"https://id\.ours\.example(/\S+)", mail.outbox[-1].body)[1]


def ask(browser: Client, address: str = "new@ours.example") -> str:
    """Ask for another address; return the link that was sent."""
    assert browser.post("/account/email/", {"email": address}).status_code == 302
    assert mail.outbox[-1].to == [address]
    return link()


def test_an_address_counts_once_its_link_was_opened(signed_in, ada):
    path = ask(signed_in)
    ada.refresh_from_db()
    assert ada.email == "ada@ours.example"
    assert "new@ours.example" in signed_in.get(path).content.decode()
    ada.refresh_from_db()
    assert ada.email == "ada@ours.example"  # to look is not to confirm: scanners of mail look

    signed_in.post(path)

    ada.refresh_from_db()
    assert (ada.email, ada.email_verified) == ("new@ours.example", True)
    assert AuditEvent.objects.filter(action="user.updated", actor_name="ada").exists()
    assert signed_in.post(path).status_code == 404  # used


@pytest.mark.parametrize(
    "meanwhile",
    [
        pytest.param({"email": "else@ours.example"}, id="another-address"),
        pytest.param({"epoch": 1}, id="the-account-began-anew"),
        pytest.param({"is_active": False}, id="disabled"),
    ],
)
def test_a_change_that_waits_ends_with_what_it_was_asked_for(signed_in, ada, meanwhile):
    path = ask(signed_in)
    change(ada, **meanwhile)
    again = Client()
    again.force_login(ada)

    assert again.post(path).status_code in (302, 404)
    ada.refresh_from_db()
    assert ada.email != "new@ours.example"


def test_another_password_ends_it_too(signed_in, ada):
    path = ask(signed_in)
    ada.set_password("another password")
    ada.save()
    again = Client()
    again.force_login(ada)

    assert again.post(path).status_code == 404


def test_a_link_is_for_who_asked_for_it(signed_in, bob):  # AT-114: trojan identifier
    path = ask(signed_in)
    other = Client()
    other.force_login(bob)

    assert other.get(path).status_code == 404
    assert other.post(path).status_code == 404
    bob.refresh_from_db()
    assert bob.email == "bob@ours.example"


def test_whether_somebody_has_an_address_is_not_told(signed_in, bob):
    path = ask(signed_in, "bob@ours.example")

    response = signed_in.post(path)

    assert response.status_code == 422
    bob.refresh_from_db()
    assert bob.email == "bob@ours.example"


@pytest.mark.parametrize("address", ["no", "a@b@c", "x@y.example\nBcc: z@evil.example", "@", ""])
def test_what_is_no_address_is_told_and_kept_in_the_field(signed_in, address):
    response = signed_in.post("/account/email/", {"email": address})

    assert response.status_code == 422
    assert mail.outbox == []


def test_too_many_links_are_not_sent(signed_in):
    for _time in range(5):
        ask(signed_in)

    response = signed_in.post("/account/email/", {"email": "new@ours.example"})

    assert response.status_code == 422
    assert len(mail.outbox) == 5


def test_a_letter_for_one_purpose_is_none_for_another(ada):
    secret = letters.write(ada, letters.NEW_ADDRESS, email="x@ours.example")

    assert letters.read(secret, letters.NEW_ADDRESS)
    assert letters.read(secret, letters.INVITATION) is None
    assert letters.read(secret[:-1] + "x", letters.NEW_ADDRESS) is None


def test_a_forgotten_password_is_set_by_a_link(ada):
    forgotten.answer("ada@ours.example")

    assert mail.outbox[-1].to == ["ada@ours.example"]
    assert "/reset/" in link()


@pytest.mark.parametrize(
    "state",
    [
        pytest.param({"email_verified": False}, id="address-not-verified"),
        pytest.param({"is_active": False}, id="disabled"),
    ],
)
def test_no_link_goes_to_an_address_that_proves_nothing(ada, state):
    change(ada, **state)

    forgotten.answer("ada")
    forgotten.answer("nobody")

    assert mail.outbox == []


def test_only_three_links_an_hour_are_sent_to_somebody(ada):
    for _time in range(5):
        forgotten.answer("ada")

    assert len(mail.outbox) == 3


@pytest.fixture
def asked(monkeypatch) -> list[str]:
    """Return the names for which a link is looked for, behind the page."""
    names: list[str] = []
    monkeypatch.setattr(forgotten, "_answer_apart", names.append)
    return names


@pytest.mark.parametrize("name", ["ada", "nobody", "x" * 254])
def test_the_page_says_the_same_whoever_is_meant(client, ada, asked, name):  # AT-128
    response = client.post("/sign-in/forgotten/", {"name": name}, follow=True)

    assert "If there is such an account" in response.content.decode()


def test_asking_for_names_is_slowed_down(client, asked, db, settings):
    settings.CLIENT_FAILURES = 3
    for _time in range(3):
        client.post("/sign-in/forgotten/", {"name": "somebody"})

    assert client.post("/sign-in/forgotten/", {"name": "somebody"}).status_code == 429


@pytest.fixture
def guest(db) -> User:
    """Return somebody without a password, whose address nobody verified."""
    return User.objects.create_user("guest", email="guest@ours.example")


def invite(guest: User) -> str:
    """Invite somebody; return the path of the link."""
    invitation.send(guest)
    assert mail.outbox[-1].to == ["guest@ours.example"]
    return link()


def test_who_is_invited_sets_a_password_and_has_proved_the_address(client, guest):
    path = invite(guest)
    assert "guest" in client.get(path).content.decode()

    client.post(path, NEW)

    guest.refresh_from_db()
    assert guest.email_verified
    sign_in(client, "guest", NEW["new_password1"])
    assert is_signed_in(client)
    assert client.post(path, NEW).status_code == 404  # once


@pytest.mark.parametrize(
    "mistake",
    [
        {"new_password2": "other"},
        {"new_password1": "short", "new_password2": "short"},
        {"new_password1": ""},
    ],
)
def test_a_mistake_sets_no_password(client, guest, mistake):
    path = invite(guest)

    assert client.post(path, NEW | mistake).status_code == 422
    guest.refresh_from_db()
    assert not guest.has_usable_password()
    assert not guest.email_verified


@pytest.mark.parametrize(
    "meanwhile",
    [{"email": "else@ours.example"}, {"is_active": False}, {"epoch": 1}],
    ids=["another-address", "disabled", "anew"],
)
def test_an_invitation_ends_with_what_it_was_sent_for(client, guest, meanwhile):
    path = invite(guest)
    change(guest, **meanwhile)

    assert client.get(path).status_code == 404
    assert client.post(path, NEW).status_code == 404


def test_an_invitation_lasts_three_days(client, guest, monkeypatch):
    path = invite(guest)
    import time as clock

    later = clock.time() + 3 * 24 * 3600 + 5
    monkeypatch.setattr("django.core.signing.time.time", lambda: later)

    assert client.get(path).status_code == 404


def test_nobody_with_a_password_is_invited(ada):
    assert invitation.obstacle(ada)


def test_a_new_epoch_ends_every_session(signed_in, ada):
    assert is_signed_in(signed_in)

    epoch.begin(ada)

    assert not is_signed_in(signed_in)


def test_a_mail_server_that_refuses_is_told(signed_in, monkeypatch):
    refuse = OSError("gone")
    monkeypatch.setattr(EmailBackend, "send_messages", lambda *_: (_ for _ in ()).throw(refuse))

    response = signed_in.post("/account/email/", {"email": "new@ours.example"})

    assert response.status_code == 422
    assert "new@ours.example" in response.content.decode()
    assert PASSWORD not in response.content.decode()
