"""A one-time token is exchanged once, whatever happens (ST-24, AT-016, AT-086, AT-087)."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections as databases

from connections.models import Connection, SpentToken
from idp.models import AccessToken, ExchangeRecord
from tests import keys
from tests.fixtures import change


@pytest.fixture
def one_time(connection):
    """Let the issuer's tokens be used once."""
    change(connection, one_time_tokens=True)


def reasons() -> list[str]:
    """Return the reasons of the recorded refusals."""
    return list(ExchangeRecord.objects.exclude(reason="").values_list("reason", flat=True))


@pytest.mark.parametrize("claims", [{"jti": "one"}, {}], ids=["jti", "no-jti"])
def test_the_second_use_is_refused(exchange, one_time, claims):
    token = keys.sign(**claims)

    assert exchange(subject_token=token).status_code == 200
    again = exchange(subject_token=token)

    assert again.status_code == 400
    assert again.json()["error"] == "invalid_request"
    assert reasons() == ["replay.used-before"]
    assert AccessToken.objects.count() == 1


def test_the_other_valid_form_of_an_ecdsa_signature_is_the_same_token(exchange, one_time):
    """s and n - s both verify: a digest of the whole token would take them for two."""
    token = keys.sign(alg="ES256")

    assert exchange(subject_token=token).status_code == 200
    assert exchange(subject_token=keys.other_signature(token)).status_code == 400
    assert reasons() == ["replay.used-before"]


def test_a_refused_token_is_not_spent(exchange, one_time):
    token = keys.sign(jti="one")

    exchange(subject_token=token, audience="https://other.example")

    assert not SpentToken.objects.exists()
    assert exchange(subject_token=token).status_code == 200


def test_the_same_jti_of_another_issuer_is_another_token(exchange, one_time, connection):
    exchange(subject_token=keys.sign(jti="one"))
    other = Connection.objects.create(
        name="Other",
        issuer="https://other.example",
        key_source="certificates",
        one_time_tokens=True,
    )
    connection.certificates.update(connection=other)

    token = keys.sign(jti="one", iss="https://other.example")

    assert exchange(subject_token=token).status_code == 200


def test_the_memory_outlives_the_token(exchange, one_time, connection):
    exchange(subject_token=keys.sign(exp=2_000_000_000, iat=None))

    assert SpentToken.objects.get().forget_after.timestamp() > 2_000_000_000 + connection.clock_skew


@pytest.mark.parametrize("jti", ["", 7, ["one"]])
def test_a_malformed_jti_is_refused(exchange, one_time, jti):
    assert exchange(subject_token=keys.sign(jti=jti)).status_code == 400


@pytest.mark.django_db(transaction=True)
def test_of_fifty_parallel_uses_exactly_one_is_granted(exchange, one_time):
    token = keys.sign(jti="one")
    exchange(subject_token=keys.sign(jti="warm up"))

    def use(_number: int) -> int:
        try:
            return exchange(subject_token=token).status_code
        finally:
            databases.close_all()

    with ThreadPoolExecutor(10) as threads:
        answers = sorted(threads.map(use, range(50)))

    assert answers == [200] + [400] * 49
    assert AccessToken.objects.count() == 2
    assert set(reasons()) == {"replay.used-before"}
