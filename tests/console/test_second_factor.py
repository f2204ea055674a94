"""Administrators need a second factor before they see anything of the console."""

import pytest
from allauth.mfa.models import Authenticator

from tests.routes import fill, routes

PAGES = [fill(route) for route, _pattern in routes() if route.startswith("console/")]


@pytest.fixture(autouse=True)
def needed(settings):
    """Need it, as in production."""
    settings.ADMIN_SECOND_FACTOR = True


@pytest.mark.parametrize("path", PAGES)
def test_without_one_nothing_is_shown_or_done(console, path):
    for response in (console.get(f"/{path}"), console.post(f"/{path}")):
        assert (response.status_code, response.headers["Location"]) == (302, "/account/security/")


def test_recovery_codes_alone_are_none(console, administrator):
    Authenticator.objects.create(user=administrator, type="recovery_codes", data={})

    assert console.get("/console/").status_code == 302


@pytest.mark.parametrize("kind", ["totp", "webauthn"])
def test_with_one_the_console_is_open(console, administrator, kind):
    Authenticator.objects.create(user=administrator, type=kind, data={})

    assert console.get("/console/").status_code == 200


def test_the_page_says_why_one_is_there(console):
    page = console.get("/console/", follow=True).content.decode()

    assert "the console needs one" in page


def test_where_it_is_switched_off_a_password_is_enough(console, settings):
    settings.ADMIN_SECOND_FACTOR = False

    assert console.get("/console/").status_code == 200
