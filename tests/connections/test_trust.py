"""Which connection a token comes from, and with which keys (ST-02, ST-09, ST-10, ST-21)."""

from datetime import timedelta
from pathlib import Path
from time import time

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from django.utils import timezone

from connections import trust
from connections.jws import parse
from connections.models import Connection, KeySet
from connections.refusal import TokenRefused
from tests import keys
from tests.fixtures import add_certificate

VECTORS = Path(__file__).parents[1] / "vectors"

pytestmark = pytest.mark.django_db


def token(**changes):
    return parse(keys.sign(**changes))


def refusal(**changes):
    """Find the connection of a token and verify it; return the refusal."""
    with pytest.raises(TokenRefused) as refused:
        verify(token(**changes))
    return refused.value


def verify(parsed, *, now=None):
    return trust.verify(parsed, trust.find_connection(parsed), now=now or time())


def only_certificates(connection, *pems):
    connection.certificates.all().delete()
    for pem in pems:
        add_certificate(connection, pem)


def test_the_connection_is_the_one_of_the_issuer(connection):
    Connection.objects.create(
        name="Other", issuer="https://login.other.example", jwks_uri="https://login.other.example/k"
    )

    assert trust.find_connection(token()) == connection


@pytest.mark.parametrize("alg", ["RS256", "ES256"])
def test_a_token_is_verified_with_a_certificate(connection, alg):
    assert verify(token(alg=alg))["sub"] == keys.SUBJECT


# ST-09, AT-047, AT-048
@pytest.mark.parametrize(
    "issuer",
    [
        keys.ISSUER + "/",
        keys.ISSUER + "/.",
        keys.ISSUER + ":443",
        keys.ISSUER + ".evil.example",
        keys.ISSUER[:-1],
        keys.ISSUER[1:],
        keys.ISSUER.upper(),
        keys.ISSUER.replace("login", "LOGIN"),
        keys.ISSUER.replace("https", "http"),
        keys.ISSUER.replace("a", "\u0430"),
        keys.ISSUER.replace("//", "//user@"),
        f" {keys.ISSUER}",
        f"{keys.ISSUER} ",
        "https://xn--login-acme.example",
        "' OR 1=1 --",
        "%",
        "i" * 255,
    ],
)
def test_refuses_an_issuer_that_is_not_exactly_a_known_one(connection, issuer):
    refused = refusal(iss=issuer)

    assert refused.reason == "issuer.unknown"
    assert "also a trailing slash counts" in refused.description


@pytest.mark.parametrize(
    "issuer", ["", " ", 1, True, [keys.ISSUER], {}, "i" * 256, keys.ISSUER + "\0", "a\nb"]
)
def test_refuses_an_issuer_that_is_no_name(connection, issuer):
    assert refusal(iss=issuer).reason == "issuer.malformed"


def test_refuses_a_token_without_issuer(connection):
    assert refusal(iss=None).reason == "issuer.missing"


# ST-10
def test_a_disabled_connection_looks_like_an_unknown_one(connection):
    unknown = refusal(iss="https://unknown.example")
    Connection.objects.update(enabled=False)

    disabled = refusal()

    assert disabled.reason == "issuer.disabled"
    assert disabled.description == unknown.description


# ST-21, AT-053
def test_refuses_our_own_tokens_even_if_somebody_made_us_a_connection(connection, settings):
    Connection.objects.update(issuer=settings.ISSUER)

    refused = refusal(iss=settings.ISSUER)

    assert refused.reason == "issuer.ourselves"


def test_a_stranger_costs_one_query_at_most(connection, django_assert_max_num_queries):
    with django_assert_max_num_queries(1):
        refusal(iss="https://unknown.example")


# ST-02, AT-019
def test_refuses_a_token_signed_by_another_connection(connection):
    other = Connection.objects.create(
        name="Other",
        issuer="https://login.other.example",
        key_source=Connection.KeySource.CERTIFICATES,
    )
    add_certificate(other, keys.certificate(signed_by="mallory"))

    assert verify(token(iss=other.issuer, signed_by="mallory"))
    assert refusal(signed_by="mallory").reason == "signature.invalid"


@pytest.mark.parametrize("header", [{}, {"kid": None}, {"kid": "whatever the issuer calls it"}])
def test_the_kid_of_a_token_does_not_matter_to_certificates(connection, header):
    assert verify(token(header=header))


def test_a_token_may_name_the_certificate(connection):
    add_certificate(connection, keys.certificate(signed_by="mallory"))
    (mallory,) = trust.certificate_keys(connection, now=time())[2:]

    assert refusal(header={"x5t#S256": mallory.x5t_s256}).reason == "signature.invalid"


# exchange.md step 9
@pytest.mark.parametrize(
    "validity",
    [
        pytest.param({"ends": timedelta(seconds=-1)}, id="expired"),
        pytest.param({"starts": timedelta(minutes=5)}, id="not yet valid"),
    ],
)
def test_a_certificate_outside_its_time_is_skipped(connection, validity):
    only_certificates(connection, keys.certificate(**validity), keys.certificate("ES256"))

    assert verify(token(alg="ES256"))
    assert refusal().reason == "algorithm.key-mismatch"


def test_without_a_valid_certificate_nothing_is_verified(connection):
    only_certificates(connection, keys.certificate(ends=timedelta(seconds=-1)))

    assert refusal().reason == "signature.no-usable-key"


def test_a_certificate_serves_as_long_as_it_is_valid(connection):
    only_certificates(connection, keys.certificate(ends=timedelta(days=1)))
    later = time() + 2 * 86400
    parsed = token(iat=int(later), exp=int(later) + 300)

    with pytest.raises(TokenRefused, match=r"signature\.no-usable-key"):
        verify(parsed, now=later)


# KY-05: the policy holds at use, too, for rows that were written before it was this strict
def test_a_certificate_that_the_policy_refuses_is_skipped(connection):
    key = rsa.generate_private_key(65537, 1024)
    weak = x509.load_pem_x509_certificate(keys.certificate().encode())
    names, start, end = weak.subject, weak.not_valid_before_utc, weak.not_valid_after_utc
    builder = x509.CertificateBuilder(names, names, key.public_key(), 1, start, end)
    pem = builder.sign(key, SHA256()).public_bytes(Encoding.PEM).decode()
    connection.certificates.create(pem=pem, fingerprint="weak", not_before=start, not_after=end)

    assert len(trust.certificate_keys(connection, now=time())) == 2
    assert verify(token())


# AT-063
def test_a_certificate_that_spells_its_curve_out_is_skipped(connection):
    pem = (VECTORS / "certificates" / "explicit-curve.crt").read_text()
    start, end = timezone.now() - timedelta(days=1), timezone.now() + timedelta(days=1)
    connection.certificates.create(pem=pem, fingerprint="odd", not_before=start, not_after=end)

    assert len(trust.certificate_keys(connection, now=time())) == 2


@pytest.mark.parametrize("aud", [keys.AUDIENCE, ["acme-alias"]])
def test_the_audience_is_our_issuer_or_the_alias(connection, aud):
    Connection.objects.update(alias="acme-alias")

    assert verify(token(aud=aud))


# AT-049
def test_an_empty_alias_is_nobody(connection):
    assert refusal(aud="").reason == "audience.not-us"


@pytest.mark.parametrize(
    ("setting", "value", "ages", "reason"),
    [
        ("clock_skew", 0, {"exp": 1}, "time.expired"),
        ("maximum_token_age", 60, {"iat": 120}, "time.too-old"),
        ("algorithms", frozenset({"ES256"}), {}, "algorithm.not-accepted"),
    ],
)
def test_the_settings_of_the_connection_decide(connection, setting, value, ages, reason):
    claims = {name: int(time()) - age for name, age in ages.items()}
    assert verify(token(**claims))
    Connection.objects.update(**{setting: value})

    assert refusal(**claims).reason == reason


def jwks_connection(connection):
    """Let the connection's keys come from a JWKS that was read a moment ago."""
    url = "https://login.acme.example/jwks"
    Connection.objects.update(key_source=Connection.KeySource.JWKS, jwks_uri=url)
    now = timezone.now()
    KeySet.objects.create(
        owner=connection,
        jwks_uri=url,
        keys=keys.jwks("RS256", "ES256")["keys"],
        version=1,
        fetched_at=now,
        attempted_at=now,
        finished_at=now,
    )


def test_a_token_is_verified_with_a_key_of_the_jwks(connection):
    jwks_connection(connection)

    assert verify(token(alg="ES256"))


def test_certificates_do_not_serve_where_the_keys_come_from_a_jwks(connection):
    jwks_connection(connection)
    KeySet.objects.update(keys=keys.jwks("ES256")["keys"], version=2)

    assert refusal().reason == "signature.unknown-key"


def test_an_algorithm_that_is_not_accepted_fetches_nothing(connection, monkeypatch):
    monkeypatch.setattr("connections.jwks.keys_for", lambda *_, **__: pytest.fail("asked for keys"))
    Connection.objects.update(key_source=Connection.KeySource.JWKS, jwks_uri="https://a.example/k")

    assert refusal(alg="PS256").reason == "algorithm.not-accepted"
