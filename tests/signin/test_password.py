"""Signing in by a name and a password (AL-06, AT-117, AT-118, AT-128, AT-134)."""

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.test import Client
from django.utils import timezone

from accounts.models import User
from tests.fixtures import change
from tests.signin.conftest import PASSWORD, is_signed_in, sign_in

SENTENCE = "This name and password do not go together."


@pytest.mark.parametrize("name", ["ada", "ADA", "ada@ours.example", "Ada@Ours.Example"])
def test_by_username_or_verified_address_whatever_the_case(client, ada, name):
    assert sign_in(client, name).status_code == 302
    assert is_signed_in(client)


@pytest.mark.parametrize(
    ("name", "password"),
    [
        pytest.param("ada", "wrong", id="wrong-password"),
        pytest.param("nobody", PASSWORD, id="nobody"),
        pytest.param("nobody@ours.example", PASSWORD, id="no-such-address"),
        pytest.param("adа@ours.example", PASSWORD, id="cyrillic-letter"),
        pytest.param("ada@ours.example.", PASSWORD, id="trailing-dot"),
        pytest.param("ada@OURS.example\r\nBcc: x@evil.example", PASSWORD, id="line-break"),
        pytest.param("a" * 3000, PASSWORD, id="long"),
        pytest.param("\x00", PASSWORD, id="nul"),
    ],
)
def test_everything_else_gets_one_and_the_same_answer(client, ada, name, password):
    response = sign_in(client, name, password)

    assert response.status_code == 200
    page = response.content.decode()
    assert SENTENCE in page or "ui-error" in page
    assert not is_signed_in(client)


@pytest.mark.parametrize(
    "state",
    [{"is_active": False}, {"locked_at": timezone.now()}, {"email_verified": False}],
    ids=["disabled", "locked", "unverified"],
)
def test_not_by_what_is_disabled_locked_or_not_verified(client, ada, state):
    change(ada, **state)

    response = sign_in(client, "ada@ours.example")

    assert SENTENCE in response.content.decode()
    assert not is_signed_in(client)


def test_an_address_that_only_looks_alike_is_somebody_elses(client, ada):  # AT-117
    User.objects.create_user("s1", PASSWORD, email="strasse@ours.example", email_verified=True)

    sign_in(client, "straße@ours.example")

    assert not is_signed_in(client)


def test_a_username_that_is_an_address_is_asked_before_an_address(client, ada):
    """Whoever verified an address does not become the person who is called so."""
    named = User.objects.create_user("ada@ours.example", "another password of mine")

    sign_in(client, "ada@ours.example")
    assert not is_signed_in(client)

    sign_in(client, "ada@ours.example", "another password of mine")
    assert client.get("/account/").context["request"].user == named


@pytest.mark.parametrize("name", ["ada", "nobody", "ada@ours.example", "nobody@ours.example"])
def test_a_password_is_hashed_once_whoever_is_meant(client, ada, name, monkeypatch):  # AT-128
    hashed = []
    encode = MD5PasswordHasher.encode
    monkeypatch.setattr(
        MD5PasswordHasher, "encode", lambda *a, **k: hashed.append(1) or encode(*a, **k)
    )

    sign_in(client, name, "wrong")

    assert len(hashed) == 1


def test_it_leads_to_where_one_wanted_to_go(client, ada):
    response = sign_in(client, next="/account/sessions/")

    assert response.headers["Location"] == "/account/sessions/"


@pytest.mark.parametrize(
    "target",
    [
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "https:evil.example",
        "https://evil.example",
        "javascript:alert(1)",
        "http://ours.example@evil.example",
    ],
)
def test_it_leads_nowhere_else(client, ada, target):  # AL-10, AT-134
    response = sign_in(client, next=target)

    assert response.headers["Location"] == "/"


def test_a_session_gets_a_new_key_when_somebody_signs_in(client, ada):
    client.get("/sign-in/")
    session = client.session
    session["planted"] = 1
    session.save()
    before = session.session_key

    sign_in(client)

    assert client.session.session_key != before


def test_nobody_is_signed_in_by_a_forged_form(ada):  # AT-122: login CSRF
    forger = Client(enforce_csrf_checks=True)

    assert sign_in(forger).status_code == 403
    assert not is_signed_in(forger)


def test_pages_after_signing_out_are_not_kept_by_the_browser(client, ada):  # AT-139
    sign_in(client)

    assert "no-store" in client.get("/account/").headers["Cache-Control"]
    assert "no-store" in client.get("/account/sessions/").headers["Cache-Control"]
