"""Guessing is slowed down, and nobody can lock somebody else out (TE-27, AT-109, AT-136)."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone

from idp import throttle
from idp.models import ExchangeRecord, FailedAttempts
from tests.fixtures import SECRET, basic, change

GUESS = {"grant_type": "client_credentials"}


@pytest.fixture(autouse=True)
def low_limits(settings):
    """Let five failures be too many for a client, and ten for an address."""
    settings.CLIENT_FAILURES, settings.ADDRESS_FAILURES = 5, 10


@pytest.fixture(params=["database", "cache"], autouse=True)
def counter(request, settings, db):
    """Count in either place; the local cache stands for Valkey here."""
    settings.CACHE_URL = "" if request.param == "database" else "redis://…"
    cache.clear()
    return request.param


@pytest.fixture
def guess(post, application):
    """Return a function that authenticates, wrongly unless told otherwise."""
    change(application, grant_types=application.grant_types | {"client_credentials"})

    def send(secret="wrong", *, client_id="orders", address="192.0.2.1", **headers):
        headers |= {"REMOTE_ADDR": address, "wsgi.url_scheme": "https"}
        return post("/oauth2/token", GUESS, auth=(client_id, secret), **headers)

    return send


def lose(guess, times: int, **where) -> list[int]:
    """Fail so many times; return the statuses."""
    return [guess(**where).status_code for _ in range(times)]


def test_too_many_failures_are_slowed_down_and_say_for_how_long(guess, settings):
    assert lose(guess, 5) == [401] * 5

    response = guess()

    assert response.status_code == 429
    assert response["Retry-After"] == str(settings.FAILURE_WINDOW)
    assert response["Cache-Control"] == "no-store"
    assert response.json()["error"] == "temporarily_unavailable"


def test_the_right_secret_is_not_let_through_either_or_guessing_would_go_on(guess):
    lose(guess, 5)

    assert guess(SECRET).status_code == 429


def test_the_right_secret_from_another_address_still_works(guess):
    lose(guess, 6)

    assert guess(SECRET, address="192.0.2.2").status_code == 200


def test_a_client_id_spelled_otherwise_is_the_same_client(guess):
    spellings = ["orders", "%6frders", "%6Frders", "o%72ders", "or%64ers", "ord%65rs"]

    statuses = [guess(client_id=spelling).status_code for spelling in spellings]

    assert statuses == [401] * 5 + [429]


def test_another_client_at_the_same_address_still_works(guess):
    lose(guess, 6, client_id="somebody-else")

    assert guess(SECRET).status_code == 200


def test_spraying_over_many_clients_is_slowed_down_by_address(guess):
    statuses = [guess(client_id=f"client-{number}").status_code for number in range(12)]

    assert statuses == [401] * 10 + [429] * 2


def test_an_ipv6_customer_counts_as_one_address(guess):
    for number in range(6):
        status = guess(address=f"2001:db8:0:1::{number}").status_code
    assert status == 429

    assert guess(SECRET, address="2001:db8:0:2::1").status_code == 200


def test_good_calls_are_not_counted(guess):
    assert [guess(SECRET).status_code for _ in range(12)] == [200] * 12


def test_the_window_ends(guess, counter):
    lose(guess, 6)
    if counter == "database":
        FailedAttempts.objects.update(ends_at=timezone.now() - timedelta(seconds=1))
    else:
        cache.clear()

    assert guess(SECRET).status_code == 200
    assert lose(guess, 5) == [401] * 5
    assert lose(guess, 1) == [429]


def test_a_header_from_outside_does_not_change_the_address(guess):
    statuses = [guess(HTTP_X_FORWARDED_FOR=f"198.51.100.{n}").status_code for n in range(6)]

    assert statuses[-1] == 429


def test_behind_a_proxy_the_address_is_the_one_the_proxy_wrote(guess, settings):
    settings.BEHIND_PROXY = True
    forged = {"HTTP_X_FORWARDED_FOR": "198.51.100.1, 203.0.113.7"}
    for number in range(6):
        forged["HTTP_X_FORWARDED_FOR"] = f"198.51.100.{number}, 203.0.113.7"
        status = guess(**forged).status_code
    assert status == 429

    assert guess(SECRET, HTTP_X_FORWARDED_FOR="203.0.113.8").status_code == 200


def test_introspection_and_revocation_count_too(post, application):
    for path in ("/oauth2/introspect", "/oauth2/revoke") * 3:
        response = post(path, {"token": "x"}, HTTP_AUTHORIZATION=basic("orders", "wrong"))

    assert response.status_code == 429


def test_a_slowed_exchange_is_recorded_with_its_reason(exchange):
    for _ in range(6):
        exchange(auth=("orders", "wrong"))

    reasons = ExchangeRecord.objects.values_list("reason", flat=True).order_by("at")
    assert list(reasons)[-2:] == ["client.not-authenticated", "client.too-many-failures"]


def test_nothing_is_asked_of_the_database_while_nobody_fails(
    db, settings, django_assert_num_queries
):
    settings.CACHE_URL = ""
    throttle.check("orders", "192.0.2.1")

    with django_assert_num_queries(0):
        throttle.check("orders", "192.0.2.1")
