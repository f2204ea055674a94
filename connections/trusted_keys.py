"""The certificates that a connection trusts, as rows."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

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


class LastCertificate(Exception):
    """Say that a connection would be left without a key."""


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


def remove_certificate(certificate: Certificate) -> None:
    """
    Take a certificate from its connection, which the caller has locked.

    :raises LastCertificate: where the connection has no other key to verify tokens with
    """
    connection = certificate.connection
    others = connection.certificates.exclude(pk=certificate.pk)
    if connection.key_source == Connection.KeySource.CERTIFICATES and not others.exists():
        raise LastCertificate(
            _("It is the last certificate: add the next one first, or change to a JWKS URL.")
        )
    certificate.delete()
