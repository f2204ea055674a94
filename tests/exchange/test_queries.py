"""What an exchange asks of the database: every statement counts on the path of every request."""

import pytest
from django.utils import timezone

from connections.models import KeySet
from tests import keys
from tests.fixtures import change

READS = ["applications_application", "connections_connection"]
WRITES = ["idp_accesstoken", "idp_exchangerecord"]


@pytest.fixture
def with_jwks(connection):
    """Let the connection have a key set that was read a moment ago."""
    change(connection, key_source="jwks", jwks_uri="https://login.acme.example/jwks")
    now = timezone.now()
    return KeySet.objects.create(
        owner=connection,
        jwks_uri=connection.jwks_uri,
        keys=[keys.jwk()],
        version=1,
        fetched_at=now,
        attempted_at=now,
        finished_at=now,
    )


def statements(exchange, asserter, **changes) -> list[str]:
    """Return the tables that an exchange touches, once the process is warm."""
    exchange(**changes)
    with asserter() as queries:
        assert exchange(**changes).status_code == 200
    selects = [query["sql"] for query in queries.captured_queries]
    first = [sql.partition(" FROM ")[2] for sql in selects if sql.lstrip("(").startswith("SELECT")]
    inserts = [sql for sql in selects if sql.startswith("INSERT")]
    return [text.split('"')[1] for text in first + inserts]


@pytest.fixture
def captured(django_assert_max_num_queries):
    """Return what captures the statements of a block."""
    return lambda: django_assert_max_num_queries(20)


def test_a_federated_exchange_reads_two_rows_and_writes_two(exchange, with_jwks, captured):
    assert statements(exchange, captured) == READS + WRITES


def test_a_linked_exchange_reads_the_link_as_well(
    exchange, with_jwks, captured, application, alice
):
    change(application, prioritize_local=True)

    assert statements(exchange, captured) == [*READS, "accounts_federatedlink", *WRITES]


def test_a_scope_costs_one_statement_whatever_the_roles(exchange, with_jwks, captured):
    assert statements(exchange, captured, scope="orders.read orders.write") == [
        *READS,
        "applications_scope",
        *WRITES,
    ]


def test_roles_in_a_token_cost_one_statement(exchange, with_jwks, captured, application, alice):
    change(application, prioritize_local=True, attributes=frozenset({"roles", "email"}))

    tables = [*READS, "accounts_federatedlink", "accounts_role", *WRITES]
    assert statements(exchange, captured) == tables
