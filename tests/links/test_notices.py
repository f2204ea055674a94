"""What an owner is told by e-mail, and that no exchange waits for it."""

import smtplib
from datetime import timedelta
from io import StringIO

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import call_command
from django.utils import timezone

from accounts.models import FederatedLink
from idp.links import notices, outbox
from idp.models import LinkNotice
from tests import keys
from tests.fixtures import change


@pytest.fixture(autouse=True)
def mail_server(settings):
    """Send e-mail to nowhere."""
    settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}


@pytest.fixture
def link(application, alice):
    """Return alice's link, for an application that prefers local accounts."""
    change(application, prioritize_local=True)
    return FederatedLink.objects.get()


@pytest.fixture
def by_email(connection, application, bob):
    """Let bob's token link itself to bob; return it."""
    change(connection, implicit_linking=True, primary_lookup="email")
    change(application, prioritize_local=True)
    return keys.sign(email="bob@ours.example", email_verified=True)


def waiting() -> list[str]:
    """Return what the notices that wait are about."""
    return list(LinkNotice.objects.values_list("about", flat=True))


def test_an_application_is_told_of_once(exchange, link):
    exchange()
    exchange()

    assert waiting() == ["first-use"]
    assert outbox.send_waiting() == 1
    (message,) = mail.outbox
    assert message.to == ["alice@ours.example"]
    assert "first time" in message.subject
    for text in ("Orders", keys.SUBJECT, "Acme Workforce", "“alice”"):
        assert text in message.body
    assert "https://id.ours.example/account/linked-accounts/" in message.body
    assert waiting() == []


def test_a_link_that_an_exchange_makes_is_told_of_as_one_thing(exchange, by_email):
    assert exchange(subject_token=by_email).status_code == 200
    exchange(subject_token=by_email)

    assert waiting() == ["made"]
    outbox.send_waiting()
    assert mail.outbox[0].to == ["bob@ours.example"]
    assert "because it matches your profile" in mail.outbox[0].body
    assert "Orders" in mail.outbox[0].body


def test_no_token_is_in_a_message(exchange, link):
    token = keys.sign()
    answer = exchange(subject_token=token).json()

    outbox.send_waiting()

    assert token not in mail.outbox[0].body
    assert answer["access_token"] not in mail.outbox[0].body


@pytest.mark.parametrize(
    "change_of_alice",
    [
        pytest.param({"link_notices": False}, id="does-not-want-it"),
        pytest.param({"email_verified": False}, id="address-not-verified"),
    ],
)
def test_nobody_is_told_against_their_will_nor_at_a_strangers_address(
    exchange, link, alice, change_of_alice
):
    exchange()  # a notice that waits is dropped, too
    change(alice, **change_of_alice)

    assert outbox.send_waiting() == 0
    FederatedLink.objects.update(last_used_at=None)
    link.uses.all().delete()
    assert exchange().status_code == 200

    assert waiting() == []
    assert mail.outbox == []


def test_a_server_without_mail_keeps_no_notices(exchange, link, settings):
    settings.MAILERS = {}

    assert exchange().status_code == 200
    assert waiting() == []


def test_a_refused_exchange_tells_nobody(exchange, link):
    change(link, paused_at=timezone.now())

    exchange()

    assert waiting() == []


def test_a_mail_server_that_fails_loses_nothing(exchange, link, monkeypatch):
    assert exchange().status_code == 200
    with monkeypatch.context() as patch:
        refuse = smtplib.SMTPServerDisconnected("gone")
        patch.setattr(EmailBackend, "send_messages", lambda *_: (_ for _ in ()).throw(refuse))
        assert outbox.send_waiting() == 0
    assert outbox.send_waiting() == 0  # not due yet

    LinkNotice.objects.update(due_at=timezone.now() - timedelta(seconds=1))

    assert outbox.send_waiting() == 1
    assert len(mail.outbox) == 1


def test_a_notice_that_can_never_be_sent_is_given_up(exchange, link, monkeypatch):
    exchange()
    refuse = smtplib.SMTPRecipientsRefused({})
    monkeypatch.setattr(EmailBackend, "send_messages", lambda *_: (_ for _ in ()).throw(refuse))

    for _attempt in range(outbox.ATTEMPTS):
        assert waiting() == ["first-use"]
        outbox.send_waiting()
        LinkNotice.objects.update(due_at=timezone.now() - timedelta(seconds=1))

    assert waiting() == []


def test_two_workers_send_a_notice_once(exchange, link, monkeypatch):
    exchange()
    send = EmailBackend.send_messages

    def send_while_another_looks(backend, messages):
        assert outbox.send_waiting() == 0
        return send(backend, messages)

    monkeypatch.setattr(EmailBackend, "send_messages", send_while_another_looks)

    assert outbox.send_waiting() == 1
    assert len(mail.outbox) == 1


@pytest.mark.parametrize("subject", ["two\nlines", "a‮b", "x" * 255])
def test_a_strange_subject_stays_one_line_of_text(exchange, link, subject):
    change(link, subject=subject)

    notices.claimed(link, timezone.now())
    outbox.send_waiting()

    (message,) = mail.outbox
    assert subject not in message.body
    assert "Somebody" in message.body


def test_a_link_that_an_administrator_sets_up_is_told_of(connection, bob, tmp_path):
    file = tmp_path / "agio.yaml"
    file.write_text("users: [{username: bob, links: [{connection: Acme Workforce, subject: new}]}]")

    call_command("apply", str(file), stdout=StringIO())
    call_command("apply", str(file), stdout=StringIO())  # nothing is new

    assert waiting() == ["made"]
    outbox.send_waiting()
    assert "An administrator linked the identity new" in mail.outbox[0].body


def test_the_thread_sends_what_waits_and_goes_on_after_a_failure(monkeypatch):
    looked = []

    def look():
        looked.append(1)
        if len(looked) == 1:
            raise OSError("the database is away")
        raise SystemExit

    monkeypatch.setattr(outbox, "send_waiting", look)
    monkeypatch.setattr(outbox, "LOOK_EVERY", 0)

    with pytest.raises(SystemExit):
        outbox._send_for_ever()

    assert len(looked) == 2
