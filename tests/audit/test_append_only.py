"""An entry is never changed; by anybody, and deleted only when it is old."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, models, transaction
from django.utils import timezone

from idp.models import AppendOnly, AuditEvent

MESSAGE = "only added to"


def around() -> models.QuerySet[AuditEvent]:
    """Return what goes around our own class."""
    return models.QuerySet(AuditEvent)


def aged(**age: int) -> dict:
    return {"at": timezone.now() - timedelta(**age)}


def test_an_entry_is_not_saved_again(add):
    event = add()
    event.action = "another"

    with pytest.raises(AppendOnly):
        event.save()


def test_an_entry_that_was_read_is_not_saved_again(add):
    add()

    with pytest.raises(AppendOnly):
        AuditEvent.objects.get().save()


def test_an_entry_with_the_id_of_another_does_not_replace_it(add):
    event = add()

    with pytest.raises(IntegrityError), transaction.atomic():
        add(id=event.id, action="another")

    assert AuditEvent.objects.get().action == event.action


def test_an_entry_does_not_delete_itself(add):
    event = add(**aged(days=40))

    with pytest.raises(AppendOnly):
        event.delete()


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda rows: rows.update(action="another"), id="update"),
        pytest.param(lambda rows: rows.delete(), id="delete"),
        pytest.param(lambda rows: rows.bulk_update(list(rows), ["action"]), id="bulk_update"),
    ],
)
def test_a_queryset_refuses(add, change):
    add(**aged(days=40))

    with pytest.raises(AppendOnly):
        change(AuditEvent.objects.all())


@pytest.mark.parametrize("age", [{}, {"days": 1000}], ids=["new", "old"])
def test_the_database_refuses_an_update(add, age):
    add(**aged(**age))

    with pytest.raises(IntegrityError, match=MESSAGE), transaction.atomic():
        around().update(action="another")


@pytest.mark.parametrize("age", [{}, {"days": 29}], ids=["new", "29-days-old"])
def test_the_database_refuses_to_delete(add, age):
    add(**aged(**age))

    with pytest.raises(IntegrityError, match=MESSAGE), transaction.atomic():
        around().delete()


def test_the_database_lets_go_of_what_is_thirty_days_old(add):
    add(**aged(days=30, seconds=2))

    around().delete()

    assert not AuditEvent.objects.exists()


@pytest.mark.only("postgresql")  # SQLite has no TRUNCATE
def test_the_database_refuses_to_truncate(add):
    add(**aged(days=40))

    with (
        pytest.raises(IntegrityError, match=MESSAGE),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("TRUNCATE idp_auditevent")


@pytest.mark.only("sqlite")  # PostgreSQL has no REPLACE
def test_the_database_refuses_to_replace(add):
    add(**aged(days=40))

    with (
        pytest.raises(IntegrityError, match=MESSAGE),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("INSERT OR REPLACE INTO idp_auditevent SELECT * FROM idp_auditevent")


@pytest.mark.django_db(transaction=True)
def test_the_migrations_can_be_taken_back_and_made_again(add):
    try:
        call_command("migrate", "idp", "0001", verbosity=0)
        assert "idp_auditevent" not in connection.introspection.table_names()
    finally:
        call_command("migrate", "idp", verbosity=0)
    add()

    with pytest.raises(IntegrityError, match=MESSAGE):
        around().update(action="another")


def test_lists_have_their_indexes(db):
    with connection.cursor() as cursor:
        found = {
            name
            for table in ("idp_auditevent", "idp_exchangerecord")
            for name in connection.introspection.get_constraints(cursor, table)
        }

    assert found >= {
        "audit_event_at",
        "audit_event_target",
        "exchange_record_user",
        "exchange_record_application",
        "exchange_record_connection",
        "exchange_record_reason",
    }
