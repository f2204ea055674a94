"""A session is what its cookie names, and a cookie that no key can be names none."""

import pytest

from accounts.models import User

NUL = r"\000"  # how a cookie spells it


@pytest.mark.parametrize("key", [f'"{NUL * 32}"', f'"{"a" * 31}{NUL}"', "é" * 32, "-" * 32])
def test_what_no_key_can_be_is_nobodys_session(client, db, key):
    """PostgreSQL refuses to look for NUL."""
    assert client.get("/", headers={"Cookie": f"agio_session={key}"}).status_code == 200


def test_whoever_signed_in_stays_signed_in(client, db):
    client.force_login(User.objects.create_user("alice"))

    assert "_auth_user_id" in client.session
    assert client.get("/").wsgi_request.user.username == "alice"


@pytest.mark.parametrize("name", ["strasse", "straße", "STRASSE"])
def test_who_looks_like_somebody_else_can_still_sign_in(client, db, name):
    """A second account of the same search key made every sign-in of both a server error."""
    for username in ("strasse", "straße"):
        User.objects.create_user(username, f"correct horse {username}")
    wanted = name.lower()

    client.post("/sign-in/", {"username": name, "password": f"correct horse {wanted}"})

    assert client.get("/").wsgi_request.user.username == wanted


def test_nobody_signs_in_under_a_name_that_only_looks_like_theirs(client, db):
    User.objects.create_user("strasse", "correct horse")

    page = client.post("/sign-in/", {"username": "straße", "password": "correct horse"})

    assert page.status_code == 200
    assert "_auth_user_id" not in client.session
