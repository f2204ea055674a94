"""What a good file does."""

import pytest
from django.core.management import CommandError
from django.db import IntegrityError, OperationalError, connection

from accounts.models import FederatedLink, User
from applications import grant_types
from applications.models import Application
from connections.models import Connection
from tests.configuration.conftest import EXAMPLE, Apply


def test_the_example_creates_what_it_says(apply: Apply):
    printed = apply()

    assert printed.splitlines() == [
        "connection Acme Workforce: created",
        "application Orders: created",
        "user example-user: created",
    ]
    acme = Connection.objects.get()
    assert (acme.issuer, acme.alias) == ("https://login.acme.example", "https://id.ours.example")
    assert (acme.key_source, acme.jwks_uri) == ("jwks", "https://login.acme.example/jwks")
    assert acme.algorithms == {"RS256", "ES256"}
    assert (acme.implicit_linking, acme.one_time_tokens) == (True, False)
    assert (acme.primary_lookup, acme.secondary_lookup) == ("email", "username")
    assert acme.issuer_verifies == {"email"}
    orders = Application.objects.get(client_id="orders")
    assert orders.grant_types == {grant_types.TOKEN_EXCHANGE, grant_types.REFRESH_TOKEN}
    assert (orders.connection_choice, orders.type) == ("all", "traditional-web")
    assert (orders.prioritize_local, orders.mandate_local) == (True, False)
    assert orders.attributes == {"email", "given_name"}
    assert orders.scopes == {"orders.read"}
    assert orders.audiences == {"https://orders.ours.example"}
    assert (orders.access_token_format, orders.access_token_lifetime) == ("jwt", 900)
    user = User.objects.get()
    assert (user.email, user.email_verified, user.is_active) == ("user@ours.example", True, True)
    link = FederatedLink.objects.get()
    assert (link.user, link.connection, link.subject) == (user, acme, "248289761001")
    assert link.origin == FederatedLink.Origin.CONFIGURED


def test_a_second_run_changes_nothing(apply: Apply):
    apply()
    updated_at = Connection.objects.get().updated_at

    assert apply() == "Nothing to change.\n"
    assert Connection.objects.get().updated_at == updated_at


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("lifetime: 900", "lifetime: 600", "application Orders: access_token.lifetime 900 -> 600"),
        (
            "mandate: false",
            "mandate: true",
            "application Orders: linked_accounts.mandate false -> true",
        ),
        ("connections: all", "connections: []", "application Orders: connections all -> []"),
        ("name: Orders", "name: Shop", "application Shop: name Orders -> Shop"),
        (
            "scopes: [orders.read]",
            "scopes: [orders.write, orders.read]",
            'application Orders: scopes ["orders.read"] -> ["orders.read", "orders.write"]',
        ),
        (
            "alias: https://id.ours.example",
            'alias: ""',
            'connection Acme Workforce: alias https://id.ours.example -> ""',
        ),
        (
            "username: example-",
            "username: Example-",
            "user Example-user: username example-user -> Example-user",
        ),
        (
            "links: [",
            "links: [{connection: Acme Workforce, subject: other}, ",
            "user example-user: links: added connection Acme Workforce, subject other",
        ),
    ],
)
def test_a_change_is_told_with_both_values(apply: Apply, old: str, new: str, line: str):
    apply()

    assert apply(EXAMPLE.replace(old, new)).splitlines() == [line]
    assert apply(EXAMPLE.replace(old, new)) == "Nothing to change.\n"


def test_a_key_that_is_left_out_keeps_its_value(apply: Apply):
    apply()
    Connection.objects.update(enabled=False, clock_skew=5)
    Application.objects.update(access_token_lifetime=60)

    apply(EXAMPLE.replace(", lifetime: 900", "").replace("connections: all", ""))

    assert Connection.objects.filter(enabled=False, clock_skew=5).exists()
    assert Application.objects.filter(access_token_lifetime=60, connection_choice="all").exists()


def test_a_new_application_without_connections_may_use_none(apply: Apply):
    apply(EXAMPLE.replace("connections: all", ""))

    assert not Application.objects.get().allows_connection(Connection.objects.get())


def test_an_application_may_use_the_connections_it_names(apply: Apply):
    apply(EXAMPLE.replace("connections: all", "connections: [Acme Workforce]"))

    assert Application.objects.get().connection_choice == "selected"
    assert Application.objects.get().allows_connection(Connection.objects.get())


@pytest.mark.parametrize("kind", ["mobile", "single-page"])
def test_a_program_that_keeps_no_secret_is_public(apply: Apply, kind: str):
    apply(f"applications: [{{name: Client, type: {kind}, grant_types: [refresh_token]}}]")

    assert Application.objects.get().authentication_method == "none"


def test_an_application_without_a_client_id_is_known_by_its_name(apply: Apply):
    apply("applications: [{name: Reports, type: machine-to-machine}]")

    printed = apply("applications: [{name: Reports, type: machine-to-machine, enabled: false}]")

    assert printed == "application Reports: enabled true -> false\n"


def test_a_dry_run_shows_the_same_lines_and_writes_nothing(apply: Apply):
    printed = apply(dry_run=True)

    assert printed == apply(dry_run=False) + "Dry run: nothing was changed.\n"


def test_a_dry_run_writes_nothing(apply: Apply):
    apply(dry_run=True)

    assert not Connection.objects.exists()
    assert not Application.objects.exists()
    assert not User.objects.exists()


def test_one_wrong_entry_keeps_all_the_others_out(apply: Apply, refused):
    refused(EXAMPLE.replace("user@ours.example", "no address"))

    assert not Connection.objects.exists()
    assert not Application.objects.exists()


def test_a_crash_in_the_middle_leaves_nothing(apply: Apply, monkeypatch):
    def crash(*_: object, **__: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(FederatedLink.objects.__class__, "create", crash)

    with pytest.raises(RuntimeError):
        apply()
    assert not Connection.objects.exists()


def test_what_somebody_else_takes_meanwhile_is_one_sentence(refused, monkeypatch):
    def overtaken(*_: object, **__: object) -> None:
        raise IntegrityError

    monkeypatch.setattr(FederatedLink.objects.__class__, "create", overtaken)

    assert refused(EXAMPLE) == [
        "23: users[0]: The database refused this: it contradicts what is there already."
    ]


def test_a_database_without_tables_is_one_sentence(apply: Apply, monkeypatch):
    def unready(*_: object, **__: object) -> None:
        raise OperationalError("no such table: connections_connection")

    monkeypatch.setattr(connection, "savepoint", unready)

    with pytest.raises(CommandError, match=r"Has `manage\.py migrate` been run"):
        apply()
