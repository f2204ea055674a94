"""A connection has a certificate once (KY-08)."""

import pytest

from connections.certificates import parse
from connections.trusted_keys import LastCertificate, add_certificates, remove_certificate
from tests import keys
from tests.fixtures import change


def test_adds_what_is_new_and_leaves_what_is_there(connection):
    before = list(connection.certificates.values_list("pk", flat=True))
    new = keys.certificate(signed_by="next")
    parsed = parse((keys.certificate("ES384") + new).encode())

    assert add_certificates(connection, parsed) == 2
    assert add_certificates(connection, parsed) == 0
    added = connection.certificates.exclude(pk__in=before)
    assert {row.fingerprint for row in added} == {each.fingerprint for each in parsed}
    assert added.get(pem=new).subject == "CN=next RS256"


def test_removes_one_of_several(connection):
    first, second = connection.certificates.all()

    remove_certificate(first)

    assert list(connection.certificates.all()) == [second]


def test_keeps_the_last_one_while_it_is_what_tokens_are_verified_with(connection):
    connection.certificates.first().delete()

    with pytest.raises(LastCertificate):
        remove_certificate(connection.certificates.get())

    assert connection.certificates.count() == 1


def test_the_last_one_may_go_where_keys_come_from_a_url(connection):
    connection.certificates.first().delete()
    change(connection, key_source="jwks", jwks_uri="https://login.acme.example/jwks")

    remove_certificate(connection.certificates.get())

    assert not connection.certificates.exists()
