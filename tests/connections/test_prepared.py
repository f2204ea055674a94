"""Statements written once read and write the same as the ORM's, and never from memory."""

from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.db.transaction import TransactionManagementError
from django.utils import timezone

from accounts.models import FederatedLink, User
from applications.models import Application
from connections.models import Connection, KeySet
from connections.prepared import Finder, Listing
from connections.rows import Update, insert, new
from idp.models import ExchangeRecord
from tests import keys

with_key_set = Finder(Connection.objects.select_related("key_set").defer("key_set__keys"), "issuer")
with_user = Finder(FederatedLink.objects.select_related("user"), "connection", "subject")


def values(instance) -> dict[str, object]:
    return {
        field.name: getattr(instance, field.attname) for field in instance._meta.concrete_fields
    }


def test_a_row_is_read_as_the_orm_reads_it(application):
    found = Finder(Application.objects.all(), "client_id").find("orders")

    assert found == application
    assert values(found) == values(Application.objects.get())


def test_a_related_row_comes_along(connection, alice, django_assert_num_queries):
    with django_assert_num_queries(1):
        found = with_user.find(connection.pk, keys.SUBJECT)

        assert values(found.user) == values(alice) | {"password": found.user.password}


def test_a_row_that_is_not_there_is_none(connection):
    assert with_user.find(connection.pk, "nobody") is None


def test_a_related_row_that_is_not_there_is_known_to_be_missing(
    connection, django_assert_num_queries
):
    found = with_key_set.find(keys.ISSUER)

    with django_assert_num_queries(0):
        assert not hasattr(found, "key_set")


def test_a_column_left_out_is_read_when_it_is_asked_for(connection, django_assert_num_queries):
    KeySet.objects.create(owner=connection, jwks_uri="https://a.example", keys=[{"kid": "1"}])
    found = with_key_set.find(keys.ISSUER)

    with django_assert_num_queries(1):
        assert found.key_set.keys == [{"kid": "1"}]
    assert found.key_set.owner is found


def test_a_change_is_seen_at_the_next_call(connection):
    with_key_set.find(keys.ISSUER)
    Connection.objects.update(enabled=False)

    assert not with_key_set.find(keys.ISSUER).enabled


def test_a_row_that_is_read_once_is_read_again_when_it_says_something_else(connection):
    finder = Finder(Connection.objects.all(), "issuer", read_once=1)
    assert finder.find(keys.ISSUER) == finder.find(keys.ISSUER)
    Connection.objects.update(enabled=False, algorithms={"ES256"})

    found = finder.find(keys.ISSUER)

    assert values(found) == values(Connection.objects.get())
    assert not found.enabled


def test_two_finds_of_a_row_that_is_read_once_are_two_instances(connection):
    finder = Finder(Connection.objects.all(), "issuer", read_once=1)
    finder.find(keys.ISSUER).name = "changed, and not saved"

    assert finder.find(keys.ISSUER).name == connection.name


def test_a_found_row_can_be_changed_and_saved(connection, alice):
    found = with_user.find(connection.pk, keys.SUBJECT)
    found.user.given_name = "Alicia"
    found.user.save()

    assert User.objects.get().given_name == "Alicia"


def test_a_listing_finds_the_rows_that_fit_whatever_their_number(connection, bob, alice):
    people = Listing(lambda *names: User.objects.filter(username__in=names).values_list("username"))

    assert people.fetch("bob") == [("bob",)]
    assert people.fetch("alice", "bob", "nobody") == [("alice",), ("bob",)]
    bob.delete()
    assert people.fetch("bob") == []


def test_a_row_is_written_as_the_orm_writes_it(connection):
    record = ExchangeRecord(connection=connection, found="it's \N{SNOWMAN} %s", reason="a.b")

    insert(record)

    assert values(ExchangeRecord.objects.get()) == values(record)


def test_a_new_row_has_the_defaults_that_the_class_gives(connection):
    same = {"id": uuid4(), "at": timezone.now(), "connection_id": connection.pk}

    record = new(ExchangeRecord, **same)

    assert values(record) == values(ExchangeRecord(**same))
    assert record.connection == connection
    assert record.evidence is not new(ExchangeRecord).evidence


@pytest.mark.parametrize("name", ["connection", "id_", "conection_id"])
def test_what_is_no_column_is_not_lost_without_a_word(name):
    with pytest.raises(TypeError, match=name):
        new(ExchangeRecord, **{name: None})


def test_a_constraint_holds_for_what_is_inserted(db):
    record = new(ExchangeRecord)
    insert(record)

    with pytest.raises(IntegrityError), transaction.atomic():
        insert(record)

    assert ExchangeRecord.objects.count() == 1


def test_a_field_that_only_save_fills_in_is_refused(connection, alice):
    with pytest.raises(TypeError, match="created_at"):
        insert(FederatedLink(connection=connection, subject="another", user=alice))


def test_an_update_changes_the_rows_that_fit_and_says_how_many(alice, bob):
    lock = Update(User, "locked_at", "given_name", where=("id", "username"))
    now = timezone.now()

    assert lock.run(now, "it's 100%s", alice.pk, "bob") == 0
    assert lock.run(now, "it's 100%s", alice.pk, "alice") == 1

    assert User.objects.get(locked_at=now).given_name == "it's 100%s"
    assert User.objects.get(locked_at=None) == bob


def test_nothing_runs_in_a_transaction_that_has_failed(db):
    with transaction.atomic():
        transaction.set_rollback(True)
        with pytest.raises(TransactionManagementError):
            insert(new(ExchangeRecord))

    assert not ExchangeRecord.objects.exists()


def test_a_statement_is_seen_by_whoever_watches(connection, django_assert_num_queries):
    with django_assert_num_queries(2):
        insert(new(ExchangeRecord))
        with_key_set.find(keys.ISSUER)
