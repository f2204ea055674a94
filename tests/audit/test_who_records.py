"""Whatever changes state writes it down: `apply`, and whoever makes, rotates or ends a key."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from applications.models import Application
from connections.models import Connection
from idp.models import AuditEvent, SigningKey
from idp.tokens import signing
from tests.audit.conftest import actions
from tests.configuration.conftest import EXAMPLE, SECRET, apply  # noqa: F401  a fixture
from tests.fixtures import change

pytestmark = pytest.mark.django_db
WRITES = ("INSERT", "UPDATE", "DELETE")


def only(action: str) -> AuditEvent:
    return AuditEvent.objects.get(action=action)


def roles() -> dict[str, str]:
    keys = SigningKey.objects.filter(algorithm="ES256", state__in=["current", "next"])
    return {key.state: key.kid for key in keys}


def a_day_later() -> None:
    SigningKey.objects.update(created_at=timezone.now() - timedelta(days=1))


def test_apply_records_what_it_creates(apply):  # noqa: F811
    apply()

    assert sorted(actions()) == [
        "application.created",
        "application.secret-added",
        "connection.created",
        "user.created",
    ]
    created = only("connection.created")
    assert (created.actor_name, created.actor_id) == ("apply", "")
    assert created.before == {}
    assert created.after["issuer"] == "https://login.acme.example"
    assert only("application.secret-added").after == {"client_secret": "changed"}


def test_apply_records_what_it_changes_and_nothing_else(apply):  # noqa: F811
    apply()
    known = set(AuditEvent.objects.values_list("pk", flat=True))

    apply(EXAMPLE.replace("lifetime: 900", "lifetime: 600"))

    event = AuditEvent.objects.exclude(pk__in=known).get()
    assert (event.action, event.target_name) == ("application.updated", "Orders")
    assert (event.before, event.after) == (
        {"access_token.lifetime": 900},
        {"access_token.lifetime": 600},
    )


def test_apply_records_that_it_disables(apply):  # noqa: F811
    apply()

    apply("connections: [{name: Acme Workforce, enabled: false}]")

    assert only("connection.disabled").before == {"enabled": True}


def test_apply_records_that_it_replaces_a_secret_and_not_which(apply, monkeypatch):  # noqa: F811
    apply()
    monkeypatch.setenv("ORDERS_SECRET", SECRET[::-1])

    apply()

    event = only("application.secret-replaced")
    assert event.before == {"client_secret": "changed"}
    assert event.after == {"client_secret": "changed", "former_client_secret": "changed"}


def test_apply_records_that_it_makes_a_secret(apply):  # noqa: F811
    apply(EXAMPLE.replace("client_secret: ${ORDERS_SECRET}", ""))

    assert only("application.secret-added").after == {"client_secret": "changed"}


def test_apply_records_that_it_takes_a_secret_away(apply):  # noqa: F811
    apply()

    apply("applications: [{client_id: orders, type: mobile, token_endpoint_auth_method: none}]")

    assert only("application.secret-removed").after == {}


def test_apply_records_that_it_sets_a_password(apply):  # noqa: F811
    apply("users: [{username: root, administrator: true}]")

    assert only("user.password-added").after == {"password": "changed"}


def test_apply_records_nothing_in_a_dry_run(apply):  # noqa: F811
    apply(dry_run=True)

    assert actions() == []


def test_apply_records_nothing_where_it_is_refused(apply):  # noqa: F811
    with pytest.raises(CommandError):
        apply(EXAMPLE + "  - username: ''\n")

    assert actions() == []
    assert not Connection.objects.exists()


def test_apply_of_an_unchanged_file_writes_nothing(apply):  # noqa: F811
    apply()

    with CaptureQueriesContext(connection) as queries:
        apply()

    assert not [query for query in queries if query["sql"].startswith(WRITES)]


def test_the_first_keys_are_recorded():
    signing.current_key("ES256")
    signing.forget_cached_keys()
    signing.current_key("ES256")

    event = AuditEvent.objects.get()
    assert (event.action, event.actor_name) == ("signing-key.created", "Agio")
    assert event.target_id == roles()["current"]
    assert (event.before, event.after) == ({}, roles())


def test_a_rotation_is_recorded():
    signing.current_key("ES256")
    before = roles()
    a_day_later()

    call_command("rotate_signing_keys", "--algorithm=ES256", verbosity=0)

    event = only("signing-key.rotated")
    assert event.actor_name == "command line"
    assert event.target_id == before["next"] == event.after["current"]
    assert (event.before, event.after) == (before, roles())


def test_a_rotation_that_comes_too_soon_is_not_recorded():
    signing.current_key("ES256")

    with pytest.raises(CommandError):
        call_command("rotate_signing_keys", "--algorithm=ES256")

    assert actions() == ["signing-key.created"]


def test_a_withdrawal_is_recorded():
    kid = signing.current_key("ES256").kid
    before = roles()

    call_command("withdraw_signing_key", kid, yes=True)

    event = only("signing-key.withdrawn")
    assert (event.actor_name, event.target_id) == ("command line", kid)
    assert event.before == before | {"state": "current"}
    assert event.after == roles() | {"state": "withdrawn"}


def test_an_exchange_is_not_recorded_here(exchange):
    exchange()

    assert set(actions()) == {"signing-key.created"}


def test_a_row_that_is_changed_by_hand_is_compared_with_what_it_was(apply):  # noqa: F811
    apply()
    change(Application.objects.get(), access_token_lifetime=60)

    apply()

    assert only("application.updated").before == {"access_token.lifetime": 60}
