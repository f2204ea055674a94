"""Who is calling, and how that is proved (CA-01 to CA-07, RP-09, RP-10, AT-104, AT-105)."""

import base64
from datetime import timedelta
from urllib.parse import quote_plus

import pytest
from django.utils import timezone

from applications import secrets
from idp.models import ExchangeRecord
from tests.fixtures import SECRET, basic, change


@pytest.fixture
def unauthorized(exchange):
    """Return a function that posts with an Authorization header and expects 401."""

    def send(header: str, **changes):
        response = exchange(auth=None, headers={"HTTP_AUTHORIZATION": header}, **changes)
        assert response.status_code == 401, response.content
        assert response.json()["error"] == "invalid_client"
        assert response["WWW-Authenticate"].startswith("Basic ")  # RP-10
        return response

    return send


@pytest.fixture
def odd_secret(application):
    """Give the application a secret with every character that is awkward in a header."""
    secret = "a:b%c+d e&f=g/\\~%zz é漢 end of a long secret"
    change(application, secret_digest=secrets.digest(secret))
    return secret


def test_a_secret_in_the_header_authenticates(exchange):  # CA-01
    assert exchange().status_code == 200


@pytest.mark.parametrize("scheme", ["basic", "BASIC", "bAsIc"])
def test_the_scheme_may_be_in_any_case(exchange, scheme):  # CA-04
    header = basic("orders", SECRET).replace("Basic", scheme)

    assert exchange(auth=None, headers={"HTTP_AUTHORIZATION": header}).status_code == 200


def test_both_spellings_of_a_secret_are_understood(exchange, odd_secret):  # CA-02
    assert exchange(auth=("orders", odd_secret)).status_code == 200
    assert exchange(auth=(quote_plus("orders"), quote_plus(odd_secret))).status_code == 200


def test_a_secret_is_not_mistaken_for_its_decoded_form(exchange, application):
    change(application, secret_digest=secrets.digest("a%20b"))

    assert exchange(auth=("orders", "a%20b")).status_code == 200
    assert exchange(auth=("orders", "a b")).status_code == 401


def test_one_reading_is_not_mixed_with_the_other(exchange, application):
    """An encoded name beside a raw secret is neither of the two spellings."""
    change(application, secret_digest=secrets.digest("a%20b"))

    assert exchange(auth=("or%64ers", "a%2520b")).status_code == 200
    assert exchange(auth=("or%64ers", "a%20b")).status_code == 401


@pytest.mark.parametrize(
    "header",
    [
        "Basic", "Basic ", "Basic !!!", "Basic " + base64.b64encode(b"no colon").decode(),
        "Basic " + base64.b64encode(b"\xff\xfe:x").decode(),
        "Basic " + base64.b64encode(b":").decode(),
        "Bearer abc", "Digest x",
        basic("orders", SECRET).replace("Basic", "Bearer"), basic("orders", "wrong"),
        basic("or\x00ders", SECRET),
        basic("orders\n", SECRET), basic("o" * 100_000, SECRET), basic("https://orders", SECRET),
        basic("orders", "%zz"), basic("", SECRET), basic("orders", ""), basic("ORDERS", SECRET),
        basic("orders", SECRET) + ", " + basic("orders", SECRET),
    ],
)  # fmt: skip
def test_anything_else_in_the_header_is_refused(unauthorized, header):  # AT-104, AT-113
    unauthorized(header)


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        ("Basic !!!", "client.malformed-header"),
        ("Basic b3JkZXJz", "client.malformed-header"),
        (basic("orders", "wrong"), "client.not-authenticated"),
    ],
)
def test_the_record_tells_a_broken_header_from_a_wrong_secret(unauthorized, header, reason):
    unauthorized(header)

    assert ExchangeRecord.objects.get().reason == reason


def test_no_proof_at_all_is_refused(exchange):  # CA-07
    response = exchange(auth=None)

    assert response.status_code == 401
    assert response["WWW-Authenticate"].startswith("Basic ")


def test_a_secret_in_the_body_only_where_registered(exchange, application):  # CA-03, CA-12
    proof = {"client_id": "orders", "client_secret": SECRET}
    assert exchange(auth=None, **proof).status_code == 401

    change(application, authentication_method="client_secret_post")

    assert exchange(auth=None, **proof).status_code == 200
    assert exchange().status_code == 401
    assert exchange(auth=None, **proof | {"client_secret": "wrong"}).status_code == 401


def test_a_public_application_has_only_its_name(exchange, application):
    change(application, type="mobile", authentication_method="none")

    assert exchange(auth=None, client_id="orders").status_code == 200
    assert exchange().status_code == 401  # its old secret is none of its methods


def test_a_confidential_application_is_not_public_for_want_of_a_proof(exchange):
    assert exchange(auth=None, client_id="orders").status_code == 401


@pytest.mark.parametrize(
    "more", [{"client_secret": SECRET}, {"client_id": "orders", "client_secret": SECRET}]
)
def test_two_methods_at_once_are_refused(exchange, more):  # CA-05, AT-105
    response = exchange(**more)

    assert (response.status_code, response.json()["error"]) == (400, "invalid_request")


def test_the_name_in_the_body_must_be_the_one_in_the_header(exchange):  # CA-06
    assert exchange(client_id="orders").status_code == 200
    response = exchange(client_id="billing")
    assert (response.status_code, response.json()["error"]) == (400, "invalid_request")


def test_unknown_disabled_and_wrong_are_one_answer(exchange, application):  # CA-14, CA-15
    wrong = exchange(auth=("orders", "wrong"))
    unknown = exchange(auth=("nobody", "wrong"))
    change(application, enabled=False)
    disabled = exchange()

    def visible(response):
        headers = {k: v for k, v in response.headers.items() if k != "X-Request-Id"}
        answer = response.json()
        del answer["error_uri"]
        return response.status_code, headers | {"Content-Length": ""}, answer

    assert visible(wrong) == visible(unknown) == visible(disabled)
    assert wrong.status_code == 401


def test_an_unknown_client_costs_the_same_comparisons(exchange, monkeypatch):  # CA-14, AT-108
    compared, compare = [], secrets.hmac.compare_digest
    monkeypatch.setattr(
        secrets.hmac, "compare_digest", lambda a, b: compared.append(1) or compare(a, b)
    )

    exchange(auth=("orders", "wrong"))
    known = len(compared)
    exchange(auth=("nobody", "wrong"))

    assert len(compared) == 2 * known > 0


def test_two_secrets_overlap_until_the_former_one_ends(exchange, application):  # CA-16
    new = secrets.rotate_secret(application)

    assert exchange(auth=("orders", new)).status_code == 200
    assert exchange().status_code == 200
    change(application, former_secret_expires_at=timezone.now() - timedelta(seconds=1))
    assert exchange().status_code == 401
    assert exchange(auth=("orders", new)).status_code == 200


def test_secrets_are_long_random_and_kept_as_keyed_digests(application, settings):  # CA-16
    made = {secrets.generate_secret() for _ in range(100)}

    assert len(made) == 100
    assert min(map(len, made)) >= 43  # 256 bits in base64url
    before = secrets.digest("x")
    settings.SECRET_KEY = "another key"
    assert secrets.digest("x") != before


def test_secrets_survive_a_new_secret_key_while_the_former_is_listed(exchange, settings):
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "new", [settings.SECRET_KEY]
    assert exchange().status_code == 200

    settings.SECRET_KEY_FALLBACKS = []
    assert exchange().status_code == 401
