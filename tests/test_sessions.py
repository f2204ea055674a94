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
