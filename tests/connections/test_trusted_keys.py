"""A connection has a certificate once (KY-08)."""

from connections.certificates import parse
from connections.trusted_keys import add_certificates
from tests import keys


def test_adds_what_is_new_and_leaves_what_is_there(connection):
    before = list(connection.certificates.values_list("pk", flat=True))
    new = keys.certificate(signed_by="next")
    parsed = parse((keys.certificate("ES384") + new).encode())

    assert add_certificates(connection, parsed) == 2
    assert add_certificates(connection, parsed) == 0
    added = connection.certificates.exclude(pk__in=before)
    assert {row.fingerprint for row in added} == {each.fingerprint for each in parsed}
    assert added.get(pem=new).subject == "CN=next RS256"
