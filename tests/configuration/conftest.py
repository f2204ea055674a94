"""A file to apply, and what came of it."""

from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

SECRET = "a-secret-that-has-forty-characters-in-it"

# The shape that was agreed on, literally.
EXAMPLE = """\
connections:
  - name: Acme Workforce
    issuer: https://login.acme.example
    alias: https://id.ours.example            # optional
    jwks_uri: https://login.acme.example/jwks  # or:
    # certificates: [{file: acme.pem}, {pem: "-----BEGIN CERTIFICATE-----…"}]
    algorithms: [RS256, ES256]
    one_time_tokens: false
    implicit_linking: {primary: email, secondary: username, issuer_verifies: [email]}
applications:
  - name: Orders
    client_id: orders                          # optional, else generated
    client_secret: ${ORDERS_SECRET}            # optional, else generated
    type: traditional-web
    grant_types: [token-exchange, refresh_token]
    connections: all                           # or a list of names
    linked_accounts: {prioritize_local: true, mandate: false}
    attributes: [email, given_name]
    scopes: [orders.read]
    audiences: [https://orders.ours.example]
    access_token: {format: jwt, lifetime: 900}
users:
  - username: example-user
    email: user@ours.example
    email_verified: true
    active: true
    links: [{connection: Acme Workforce, subject: "248289761001"}]
"""

type Apply = Callable[..., str]
type Refused = Callable[..., list[str]]


@pytest.fixture
def apply(db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Apply:
    """Return a function that applies a text and returns all that was printed."""
    monkeypatch.setenv("ORDERS_SECRET", SECRET)

    def run(text: str = EXAMPLE, **options: bool) -> str:
        file = tmp_path / "agio.yaml"
        file.write_text(text)
        printed = StringIO()
        call_command("apply", file, stdout=printed, stderr=printed, **options)
        return printed.getvalue()

    return run


@pytest.fixture
def refused(apply: Apply) -> Refused:
    """Return a function that applies a text and returns the problems, from the line number on."""

    def run(text: str, **options: bool) -> list[str]:
        with pytest.raises(CommandError) as refusal:
            apply(text, **options)
        *problems, end = str(refusal.value).splitlines()
        assert end == "Nothing was changed."
        return [problem.partition("agio.yaml:")[2] for problem in problems]

    return run
