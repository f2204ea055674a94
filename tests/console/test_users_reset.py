"""A link by e-mail to set a new password: who gets one, what it is good for, and how it ends."""

import re
import smtplib
from contextlib import nullcontext
from datetime import datetime, timedelta
from unittest import mock
from urllib.parse import urlsplit

import pytest
from django.contrib.auth import authenticate
from django.core import mail
from django.utils import timezone

from idp.models import AuditEvent, FailedAttempts
from tests.fixtures import change

PASSWORD = "a new and long password"
NEW = {"new_password1": PASSWORD, "new_password2": PASSWORD}
MEMORY = "django.core.mail.backends.locmem.EmailBackend"


@pytest.fixture(autouse=True)
def mail_server(settings):
    """Have one, and keep what it would send."""
    settings.MAILERS = {"default": {"BACKEND": MEMORY}}
    settings.EMAIL_FROM = "Agio <agio@id.ours.example>"
    mail.outbox = []


@pytest.fixture
def send(console):
    """Return a function that presses the button on somebody's page."""
    return lambda user: console.post(f"/console/users/{user.public_id}/reset/")


@pytest.fixture
def link(send, bob):
    """Return the path of a link that bob was sent."""
    send(bob)
    return path_of(mail.outbox[-1])


@pytest.fixture
def stranger(client):
    """Return a browser in which nobody is signed in."""
    return type(client)()


def test_no_more_than_three_links_an_hour_go_to_one_person(send, bob, alice):
    assert [send(bob).status_code for _number in range(5)] == [302, 302, 302, 422, 422]
    assert len(mail.outbox) == 3
    assert AuditEvent.objects.count() == 3

    assert send(alice).status_code == 302


def test_after_an_hour_another_link_is_sent(send, bob):
    for _number in range(4):
        send(bob)
    FailedAttempts.objects.update(ends_at=timezone.now())

    assert send(bob).status_code == 302


def path_of(message) -> str:
    """Return where the link of a message leads to, on our own server."""
    (address,) = re.findall(r"https://\S+/reset/\S+", message.body)
    assert address.startswith("https://id.ours.example/reset/")
    return urlsplit(address).path


def test_sends_a_link_that_names_our_issuer_and_never_the_host(console, bob, settings):
    settings.ALLOWED_HOSTS = ["*"]
    path = f"/console/users/{bob.public_id}/reset/"
    response = console.post(path, headers={"Host": "evil.example"})

    (message,) = mail.outbox
    assert response["Location"] == f"/console/users/{bob.public_id}/"
    assert (message.to, message.from_email) == (
        ["bob@ours.example"],
        "Agio <agio@id.ours.example>",
    )
    assert path_of(message)
    assert "evil" not in message.body
    assert "60 minutes" in message.body
    page = console.get(response["Location"]).content.decode()
    assert "The link was sent to bob@ours.example." in page


def test_the_entry_in_the_log_says_where_it_went_and_never_the_link(send, bob):
    send(bob)

    event = AuditEvent.objects.get()
    assert (event.action, event.after) == (
        "user.password-reset-requested",
        {"email": "bob@ours.example"},
    )
    assert path_of(mail.outbox[0]).split("/")[3] not in f"{event.before}{event.after}"


def test_the_link_sets_a_password_once(stranger, link, bob):
    shown = stranger.get(link, follow=True)
    path = shown.redirect_chain[-1][0]
    assert path.endswith("/set-password/")  # the secret is in the session, and in no address
    assert "bob" in shown.content.decode()

    done = stranger.post(path, NEW)

    assert done["Location"] == "/reset/done/"
    assert "Your new password is set" in stranger.get("/reset/done/").content.decode()
    assert authenticate(username="bob", password=PASSWORD) == bob
    event = AuditEvent.objects.get(action="user.password-added")
    assert (event.actor_name, event.actor_id) == ("bob", str(bob.public_id))
    assert "This link does not work" in stranger.get(link, follow=True).content.decode()
    assert "This link does not work" in stranger.post(path, NEW).content.decode()


def test_other_sessions_end_with_the_new_password(client, stranger, send, bob):
    bob.set_password("the former password")
    bob.save()
    other = type(client)()
    other.force_login(bob)
    assert other.get("/console/").status_code == 403
    send(bob)

    path = stranger.get(path_of(mail.outbox[0]))["Location"]
    stranger.post(path, NEW)

    assert other.get("/console/").status_code == 302
    assert AuditEvent.objects.filter(action="user.password-replaced").exists()


def test_neither_the_page_nor_its_address_leaks(stranger, link):
    first = stranger.get(link)
    page = stranger.get(first["Location"])

    for response in (first, page):
        assert response["Referrer-Policy"] == "same-origin"
        assert "no-store" in response["Cache-Control"]
    assert link.split("/")[3] not in page.content.decode()


def test_a_link_is_too_old_after_an_hour(stranger, link):
    late = datetime.now() + timedelta(minutes=61)  # noqa: DTZ005 - as Django's generator has it
    with mock.patch(
        "django.contrib.auth.tokens.PasswordResetTokenGenerator._now", return_value=late
    ):
        page = stranger.get(link, follow=True).content.decode()

    assert "This link does not work" in page


@pytest.mark.parametrize(
    "state",
    [
        {"is_active": False},
        {"locked_at": timezone.now()},
        {"email": "other@ours.example", "email_verified": True},
        {"last_login": timezone.now()},
    ],
)
def test_a_link_ends_with_what_it_stands_on(stranger, link, bob, state):
    path = stranger.get(link)["Location"]
    change(bob, **state)

    assert "This link does not work" in stranger.post(path, NEW).content.decode()
    assert "This link does not work" in stranger.get(link, follow=True).content.decode()
    bob.refresh_from_db()
    assert not bob.has_usable_password()


def test_anothers_link_is_not_mine(stranger, send, link, alice):
    send(alice)
    theirs = path_of(mail.outbox[-1]).split("/")
    mine = link.split("/")

    mixed = "/".join([*mine[:2], mine[2], theirs[3], ""])

    assert "This link does not work" in stranger.get(mixed, follow=True).content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("owner", ["x", "%00", "MQ", "AAAA", "é", "x" * 5000, "a" * 22])
@pytest.mark.parametrize("secret", ["y", "set-password", "cafe-cafe", "%00", "é"])
def test_a_made_up_link_does_not_work(client, owner, secret):
    response = client.get(f"/reset/{owner}/{secret}/")

    assert response.status_code == 200
    assert "This link does not work" in response.content.decode()


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        ({"new_password1": PASSWORD, "new_password2": "another"}, "didn’t match"),
        ({"new_password1": "short", "new_password2": "short"}, "too short"),
        ({"new_password1": "password1", "new_password2": "password1"}, "too common"),
        ({"new_password1": "bob@ours.example", "new_password2": "bob@ours.example"}, "similar"),
        ({}, "This field is required."),
        ({"new_password1": "x" * 200, "new_password2": "x" * 200}, "at most 128"),
        ({"new_password1": "a\0" * 8, "new_password2": "a\0" * 8}, "Null characters"),
    ],
)
def test_says_what_is_wrong_with_a_password_and_the_link_stays_good(
    stranger, link, bob, sent, message
):
    path = stranger.get(link)["Location"]

    response = stranger.post(path, sent)

    assert response.status_code == 422
    assert message in response.content.decode()
    for typed in sent.values():
        assert f'value="{typed}"' not in response.content.decode()
    assert stranger.post(path, NEW).status_code == 302


@pytest.mark.parametrize(
    ("state", "reason"),
    [
        ({"email": "", "email_verified": False}, "has no e-mail address"),
        ({"email_verified": False}, "is not verified"),
        ({"is_active": False}, "is disabled"),
        ({"locked_at": timezone.now()}, "is locked"),
    ],
)
def test_who_cannot_have_a_link_has_no_button_but_a_reason(console, send, bob, state, reason):
    change(bob, **state)

    page = console.get(f"/console/users/{bob.public_id}/").content.decode()
    assert reason in page
    assert "Send a password reset" not in page

    response = send(bob)
    assert response.status_code == 422
    assert reason in response.content.decode()
    assert mail.outbox == []
    assert not AuditEvent.objects.exists()


def test_without_a_mail_server_there_is_no_button_but_a_reason(console, send, bob, settings):
    settings.MAILERS = {}

    page = console.get(f"/console/users/{bob.public_id}/").content.decode()

    assert "This server sends no e-mail" in page
    assert "Send a password reset" not in page
    assert send(bob).status_code == 422


@pytest.mark.parametrize(
    "failure",
    [
        ConnectionRefusedError(111, "refused"),
        TimeoutError(),
        smtplib.SMTPAuthenticationError(535, b"secret words of the server"),
        smtplib.SMTPRecipientsRefused({"bob@ours.example": (550, b"no such user")}),
    ],
)
def test_a_mail_server_that_fails_is_said_and_recorded(send, bob, failure):
    with mock.patch(f"{MEMORY}.send_messages", side_effect=failure):
        response = send(bob)

    page = response.content.decode()
    assert response.status_code == 503
    assert "no link was sent" in page
    assert "secret words" not in page
    actions = AuditEvent.objects.order_by("at").values_list("action", flat=True)
    assert list(actions) == ["user.password-reset-requested", "user.password-reset-not-sent"]


def test_of_two_who_use_a_link_at_the_same_moment_the_second_fails(stranger, link, bob):
    path = stranger.get(link)["Location"]

    def somebody_is_quicker():
        bob.set_password("the password of who was quicker")
        bob.save()
        return nullcontext()

    with mock.patch("idp.password_reset.turn_to_write", somebody_is_quicker):
        response = stranger.post(path, NEW)

    assert response.status_code == 200
    assert "This link does not work" in response.content.decode()
    bob.refresh_from_db()
    assert bob.check_password("the password of who was quicker")
