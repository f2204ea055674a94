"""The second factor: asked for after the password, on every way in."""

import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from idp.models import AuditEvent
from tests.fixtures import change
from tests.signin.conftest import SECRET, code, is_signed_in, sign_in

ASKED = "/sign-in/second-factor/"


def test_the_password_alone_signs_nobody_in(client, ada, app):
    response = sign_in(client, next="/account/sessions/")

    assert response.headers["Location"].startswith(ASKED)
    assert not is_signed_in(client)


def test_with_the_code_one_is_where_one_wanted_to_go(client, ada, app):
    sign_in(client, next="/account/sessions/")

    response = client.post(ASKED, {"code": code()})

    assert response.headers["Location"] == "/account/sessions/"
    assert is_signed_in(client)


@pytest.mark.parametrize("wrong", ["000000", "", "abc", "1" * 400, "\x00"])
def test_a_wrong_code_does_not(client, ada, app, wrong):
    sign_in(client)

    response = client.post(ASKED, {"code": wrong})

    assert response.status_code == 422
    assert not is_signed_in(client)


def test_an_old_code_does_not(client, ada, app):
    sign_in(client)

    client.post(ASKED, {"code": code(time.time() - 120)})

    assert not is_signed_in(client)


def test_a_code_is_good_once(client, ada, app):
    shown = code()
    sign_in(client)
    client.post(ASKED, {"code": shown})
    client.post("/sign-out/")

    sign_in(client)
    client.post(ASKED, {"code": shown})
    assert not is_signed_in(client)

    cache.clear()  # another worker, which did not see the first use
    client.post(ASKED, {"code": shown})
    assert not is_signed_in(client)


def test_without_the_password_there_is_nothing_to_add_a_code_to(client, ada, app):
    response = client.post(ASKED, {"code": code()})

    assert response.headers["Location"] == "/sign-in/"
    assert not is_signed_in(client)


def test_guessing_codes_is_slowed_down_across_sessions(client, ada, app, settings):  # AT-109
    settings.CLIENT_FAILURES = 3
    for _attempt in range(3):
        client.cookies.clear()
        sign_in(client)
        client.post(ASKED, {"code": "000000"})
    client.cookies.clear()
    sign_in(client)

    assert client.post(ASKED, {"code": code()}).status_code == 429
    assert not is_signed_in(client)


def test_a_recovery_code_works_once(client, ada, app):
    codes = Authenticator.objects.get(type="recovery_codes").wrap()
    first = codes.get_unused_codes()[0]
    sign_in(client)
    client.post(ASKED, {"code": first})
    assert is_signed_in(client)

    client.post("/sign-out/")
    sign_in(client)
    client.post(ASKED, {"code": first})

    assert not is_signed_in(client)


@pytest.mark.parametrize(
    "state", [{"is_active": False}, {"locked_at": timezone.now()}], ids=["disabled", "locked"]
)
def test_who_is_disabled_between_password_and_code_is_not_signed_in(client, ada, app, state):
    sign_in(client)
    change(ada, **state)

    client.post(ASKED, {"code": code()})

    assert not is_signed_in(client)


def test_one_can_begin_anew(client, ada, app):
    sign_in(client)

    assert client.post("/sign-in/again/").headers["Location"] == "/sign-in/"
    assert client.get(ASKED).headers["Location"] == "/sign-in/"


def test_secrets_are_sealed_in_the_database(ada, app):
    assert SECRET not in str(Authenticator.objects.values())
    codes = Authenticator.objects.get(type="recovery_codes")
    assert all(text not in str(codes.data) for text in RecoveryCodes(codes).get_unused_codes())


def test_an_app_is_added_with_recovery_codes_that_are_shown_once(
    client, ada, django_capture_on_commit_callbacks
):
    elsewhere = Client()
    sign_in(elsewhere)
    sign_in(client)
    page = client.get("/account/security/app/")
    secret = page.context["form"].secret
    assert client.post("/account/security/app/", {"code": "000000"}).status_code == 422
    shown = code_of(secret)

    with django_capture_on_commit_callbacks(execute=True):
        response = client.post("/account/security/app/", {"code": shown})

    assert response.headers["Location"] == "/account/security/codes/"
    page = client.get("/account/security/codes/").content.decode()
    first = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()[0]
    assert first in page
    assert first not in client.get("/account/security/codes/").content.decode()
    assert "On" in client.get("/account/security/").content.decode()
    assert AuditEvent.objects.filter(action="user.factor-added", actor_name="ada").exists()
    assert is_signed_in(client)
    assert not is_signed_in(elsewhere)  # it was signed in by the password alone


def test_an_app_is_removed_with_its_recovery_codes(
    client, ada, app, django_capture_on_commit_callbacks
):
    sign_in(client)
    client.post(ASKED, {"code": code()})

    with django_capture_on_commit_callbacks(execute=True):
        client.post("/account/security/app/remove/")

    assert not Authenticator.objects.exists()
    assert AuditEvent.objects.filter(action="user.factor-removed").exists()


@pytest.mark.parametrize(
    "path", ["app/", "app/remove/", "passkey/", "codes/new/", "password/", "passkey/1/remove/"]
)
def test_factors_are_changed_only_by_who_proved_a_moment_ago_who_they_are(client, ada, app, path):
    sign_in(client)
    client.post(ASKED, {"code": code()})
    session = client.session
    session["proved_at"] = int(time.time()) - 301
    session.save()
    before = list(Authenticator.objects.values())

    for response in (
        client.get(f"/account/security/{path}"),
        client.post(f"/account/security/{path}", {"code": code()}),
    ):
        assert response.headers["Location"].startswith("/account/confirm/")

    assert list(Authenticator.objects.values()) == before


def test_somebody_elses_passkey_is_not_there(client, ada, bob):
    theirs = Authenticator.objects.create(user=bob, type="webauthn", data={"name": "bob's"})
    sign_in(client)

    assert client.post(f"/account/security/passkey/{theirs.pk}/remove/").status_code == 404
    assert Authenticator.objects.exists()


def code_of(secret: str) -> str:
    """Return what an app with this secret shows."""
    from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

    return format_hotp_value(hotp_value(secret, int(time.time() // 30)))
