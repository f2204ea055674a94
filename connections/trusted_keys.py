"""The certificates that a connection trusts, as rows."""

from collections.abc import Iterable

from connections.certificates import ParsedCertificate
from connections.models import Certificate, Connection

COLUMNS = (
    "pem",
    "fingerprint",
    "subject",
    "issuer_name",
    "serial_number",
    "key_description",
    "not_before",
    "not_after",
)


def add_certificates(connection: Connection, parsed: Iterable[ParsedCertificate]) -> int:
    """
    Give a connection certificates, and return how many are new to it.

    One that it has already stays as it is, also where somebody else adds it at the same moment.
    """
    before = connection.certificates.count()
    rows = [
        Certificate(connection=connection, **{name: getattr(each, name) for name in COLUMNS})
        for each in parsed
    ]
    Certificate.objects.bulk_create(rows, ignore_conflicts=True)
    return connection.certificates.count() - before
