"""What the server runs with, and its administrators."""

from pathlib import Path

import pytest

from accounts.models import User
from idp.console import settings_facts
from idp.models import AuditEvent
from tests.fixtures import change

SETTINGS = "/console/settings/"


def add(console, username: str | None):
    """Send the form below the administrators."""
    sent = {} if username is None else {"username": username}
    return console.post(f"{SETTINGS}administrators/", sent)


def test_shows_values_with_the_variables_that_set_them(console):
    page = console.get(SETTINGS).content.decode()

    for shown in (
        "https://id.ours.example/.well-known/oauth-authorization-server",
        "AGIO_ISSUER",
        "AGIO_DATABASE_URL",
        "AGIO_BEHIND_PROXY",
        "90 days",
        "AGIO_KEEP_RECORDS_DAYS",
        "730 days",
        "AGIO_KEEP_AUDIT_DAYS",
        "AGIO_CLIENT_FAILURES",
        "AGIO_EMAIL_URL",
        "15 minutes",
        "24 hours",
        "cannot be changed here",
    ):
        assert shown in page


def test_every_variable_on_the_page_is_in_the_documentation(settings):
    text = Path(settings.BASE_DIR, "docs", "settings.md").read_text()

    for group in settings_facts.groups():
        for fact in group.facts:
            assert not fact.variable or f"`{fact.variable}`" in text


def test_shows_no_secret(console, settings):
    key = settings.SECRET_KEY
    settings.CACHE_URL = "redis://:cachesecret@cache.ours.example/0"
    settings.MAILERS = {
        "default": {
            "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "OPTIONS": {"host": "mail.ours.example", "port": 465, "username": "mailuser",
                        "password": "mailsecret"},
        }
    }  # fmt: skip

    page = console.get(SETTINGS).content.decode()

    assert "mail.ours.example:465" in page
    for secret in (key, "cachesecret", "mailuser", "mailsecret"):
        assert secret not in page


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(60, "60 seconds"), (90, "90 seconds"), (900, "15 minutes"), (86_400, "24 hours")],
)
def test_a_time_is_written_in_the_largest_unit_it_fills(seconds, text):
    assert settings_facts.span(seconds) == text


def test_lists_administrators_and_who_of_them_cannot_act(console):
    User.objects.create_superuser("second", "a good long password")
    change(User.objects.create_superuser("former", "a good long password"), is_active=False)

    page = console.get(SETTINGS).content.decode()

    for name in ("root", "second", "former"):
        assert name in page
    assert page.count("/remove-administrator/") == 2  # nobody removes themselves
    assert "Disabled" in page


@pytest.mark.parametrize("typed", ["bob", "BOB", " bob "])
def test_makes_somebody_an_administrator_by_username(console, bob, typed):
    bob.set_password("a good long password")
    bob.save()

    assert add(console, typed)["Location"] == SETTINGS

    bob.refresh_from_db()
    assert bob.is_administrator
    event = AuditEvent.objects.get()
    assert (event.action, event.actor_name, event.target_name) == ("user.updated", "root", "bob")
    assert "bob is an administrator now." in console.get(SETTINGS).content.decode()


def test_who_has_no_password_gets_one_that_is_shown_once(console, bob):
    response = add(console, "bob")

    password = response.context["password_shown_once"]
    bob.refresh_from_db()
    assert bob.check_password(password)
    assert password in response.content.decode()
    assert password not in console.get(SETTINGS).content.decode()


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        (None, "Enter the username of an account."),
        ("  ", "Enter the username of an account."),
        ("\0", "Enter the username of an account."),
        ("nobody", "nobody is called “nobody”"),
        ("root", "“root” is an administrator already."),
        ("x" * 10_000, "nobody is called"),
        ("<script>", "nobody is called “&lt;script&gt;”"),
    ],
)
def test_says_what_is_wrong_with_a_name_and_keeps_it(console, typed, message):
    response = add(console, typed)

    page = response.content.decode()
    assert response.status_code == 422
    assert message in page
    assert User.objects.filter(is_administrator=True).count() == 1
    assert not AuditEvent.objects.exists()


def test_a_name_that_only_looks_alike_is_nobody(console):
    User.objects.create_user("straße")

    assert add(console, "strasse").status_code == 422
    assert not User.objects.get(username="straße").is_administrator


def test_the_address_of_the_form_leads_to_the_page(console):
    assert console.get(f"{SETTINGS}administrators/")["Location"] == SETTINGS
