"""How people may link by themselves, in the configuration file."""

import pytest

from connections.models import Connection
from idp.models import AuditEvent
from tests.configuration.conftest import Apply, Refused

SECRET = "issuer-gave-us-this-secret"
FILE = f"""
connections:
  - name: Acme
    issuer: https://login.acme.example
    jwks_uri: https://login.acme.example/jwks
    self_linking: {{sign_in: true, token: true}}
    sign_in:
      client_id: agio
      client_secret: {SECRET}
      authorization_endpoint: https://login.acme.example/authorize
      token_endpoint: https://login.acme.example/token
      scopes: [profile]
"""


def test_nobody_links_by_themselves_unless_an_administrator_says_so(connection):
    assert not connection.link_by_sign_in
    assert not connection.link_by_token


def test_the_secret_is_kept_encrypted_and_never_told(apply: Apply):
    printed = apply(FILE)

    connection = Connection.objects.get()
    assert connection.client_secret == SECRET
    assert SECRET not in connection.sealed_client_secret
    assert SECRET not in printed + str(list(AuditEvent.objects.values()))
    assert connection.link_by_sign_in
    assert connection.link_by_token
    assert connection.sign_in_scopes == {"profile"}


def test_the_same_secret_again_is_no_change(apply: Apply):
    apply(FILE)

    assert apply(FILE) == "Nothing to change.\n"


def test_another_secret_is_changed_in_the_log(apply: Apply):
    apply(FILE)

    printed = apply(FILE.replace(SECRET, "another"))

    assert "sign_in.client_secret changed" in printed
    assert "another" not in printed
    event = AuditEvent.objects.get(action="connection.secret-replaced")
    assert event.after == {"sign_in.client_secret": "changed"}
    assert Connection.objects.get().client_secret == "another"


@pytest.mark.parametrize(
    "key", ["client_id: agio", f"client_secret: {SECRET}",
            "authorization_endpoint: https://login.acme.example/authorize",
            "token_endpoint: https://login.acme.example/token"],
)  # fmt: skip
def test_signing_in_needs_the_whole_client(refused: Refused, key: str):
    (problem,) = refused(FILE.replace(key, ""))
    assert f"sign_in.{key.partition(':')[0]}" in problem


@pytest.mark.parametrize("name", ["authorization_endpoint", "token_endpoint"])
@pytest.mark.parametrize("url", ["http://login.acme.example/x", "https://10.0.0.1/x"])
def test_an_address_that_cannot_be_right_is_refused(refused: Refused, name: str, url: str):
    path = "authorize" if name == "authorization_endpoint" else "token"
    good = f"{name}: https://login.acme.example/{path}"
    wrong = FILE.replace(good, f"{name}: {url}")
    assert url in wrong

    (problem,) = refused(wrong)
    assert f"sign_in.{name}" in problem


def test_a_kept_secret_is_sent_to_no_other_server(apply: Apply, refused: Refused):
    apply(FILE)
    elsewhere = FILE.replace("login.acme.example/token", "login.evil.example/token")

    (problem,) = refused(elsewhere.replace(f"client_secret: {SECRET}", ""))

    assert "Enter the secret again" in problem
    apply(elsewhere)
    assert Connection.objects.get().token_endpoint == "https://login.evil.example/token"
