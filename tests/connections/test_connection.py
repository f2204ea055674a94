"""What cannot be saved as a connection (AT-044, AT-074, AT-077)."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from connections.models import Connection
from tests.fixtures import change


def test_the_clock_skew_is_five_minutes_at_most(connection):  # AT-044
    change(connection, clock_skew=300)

    with pytest.raises(ValidationError, match="300"):
        change(connection, clock_skew=301)
    with pytest.raises(IntegrityError):
        Connection.objects.update(clock_skew=301)


@pytest.mark.parametrize("name", ["Acme\u202eemca", "Ac\u200bme", "Acme\n", "\u2066Acme\u2069"])
def test_a_name_reads_as_it_is(connection, name):
    with pytest.raises(ValidationError, match="Remove the invisible characters"):
        change(connection, name=name)


ADDRESSES = [
    "http://login.acme.example",
    "file:///etc/passwd",
    "ftp://login.acme.example",
    "data:application/json,{}",
    "gopher://login.acme.example",
    "https://127.0.0.1",
    "https://127.1",
    "https://2130706433",
    "https://0.0.0.0",
    "https://[::1]",
    "https://[::ffff:169.254.169.254]",
    "https://[64:ff9b::a9fe:a9fe]",
    "https://[fd00::1]",
    "https://10.0.0.1",
    "https://100.64.0.1",
    "https://169.254.169.254",
    "https://localhost",
    "https://localhost.",
    "https://metadata.google.internal",
    "https://good.example@evil.example",
    "https://evil.example#@good.example",
    "https://good.example\\@evil.example",
    "https://good\t.example",
    "https://good\n.example",
    "https://ex\u0430mple.com",
    "https://good\u3002example",
    "",
]


@pytest.mark.parametrize("url", ADDRESSES)
def test_keys_are_never_looked_for_at(db, url):  # AT-074, AT-077
    connection = Connection(name="A", issuer="https://login.acme.example", jwks_uri=url)

    with pytest.raises(ValidationError):
        connection.full_clean()


# An issuer is a name that is compared and never fetched: it may be an inside one.
NAMES = [url for url in ADDRESSES if not url.startswith("https://")]
NAMES += [url for url in ADDRESSES if set(url) & set("@#\\\t\n\u0430\u3002")]


@pytest.mark.parametrize("issuer", NAMES)
def test_nobody_is_trusted_under_the_name(db, issuer):  # AT-074
    connection = Connection(name="A", issuer=issuer, jwks_uri="https://login.acme.example/keys")

    with pytest.raises(ValidationError):
        connection.full_clean()
