"""Where e-mail goes out: by one address, which has a password."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from idp import mail
from tests.test_checks import deploy_check


def options(url: str) -> dict:
    """Return what an address comes to."""
    return mail.configure(url, development=False)["default"]["OPTIONS"]


def test_without_a_server_there_is_no_mail_and_in_development_the_terminal():
    assert mail.configure("", development=False) == {}
    assert "console" in mail.configure("", development=True)["default"]["BACKEND"]


@pytest.mark.parametrize(
    ("url", "port", "security"),
    [
        ("smtps://mail.example", 465, {"use_ssl": True}),
        ("smtp://mail.example", 587, {"use_tls": True}),
        ("smtp://mail.example:2525", 2525, {"use_tls": True}),
        ("smtp+insecure://mail.example", 25, {}),
    ],
)
def test_the_scheme_says_how_it_is_encrypted(url, port, security):
    found = options(url)

    assert (found["host"], found["port"], found["timeout"]) == ("mail.example", port, 10)
    assert {name: True for name in ("use_ssl", "use_tls") if name in found} == security


def test_user_and_password_are_decoded():
    found = options("smtps://agio%40ours.example:p%2Fw%40%3A@mail.example")

    assert (found["username"], found["password"]) == ("agio@ours.example", "p/w@:")


@pytest.mark.parametrize(
    "url",
    [
        "mail.example",
        "http://mail.example",
        "smtp://",
        "smtp://user:words@",
        "smtp://user:words@mail.example:no",
        "smtp://user:words@mail.example:99999",
        "smtp://user:words@mail.example/path",
        "smtp://user:words@mail.example?tls=no",
        "smtp://user:words#@mail.example",
        "smtp://[user:words@mail.example",
    ],
)
def test_another_form_is_refused_without_repeating_the_password(url):
    with pytest.raises(ImproperlyConfigured, match="Set AGIO_EMAIL_URL to smtps://") as refusal:
        options(url)

    assert "words" not in str(refusal.value)
    assert refusal.value.__context__ is None or "words" not in str(refusal.value.__context__)


def test_mail_in_the_clear_is_a_warning_but_for_this_machine():
    done = deploy_check(AGIO_EMAIL_URL="smtp+insecure://mail.example")
    assert done.returncode == 1
    assert "(idp.W003) AGIO_EMAIL_URL sends without encryption." in done.stderr

    assert deploy_check(AGIO_EMAIL_URL="smtp+insecure://localhost").returncode == 0
    assert deploy_check(AGIO_EMAIL_URL="smtps://u:p@mail.example").returncode == 0
