"""Refresh tokens: used once, never wider, and gone with their family (IT-16 to IT-19)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from urllib.parse import quote_plus

import jwt
import pytest
from django.db import connections as databases
from django.utils import timezone

from idp import tokens
from idp.models import RefreshToken, TokenFamily
from tests import keys
from tests.fixtures import SECRET, TARGET, change

BILLING = "https://billing.ours.example"


@pytest.fixture
def first(exchange, every_grant):
    """Return the answer of an exchange with two targets and two scopes."""
    return exchange(scope="orders.read orders.write", audience=[TARGET, BILLING]).json()


def said(response) -> dict:
    """Return the claims of the access token in an answer."""
    return jwt.decode(response.json()["access_token"], options={"verify_signature": False})


def refused(response, error="invalid_grant") -> None:
    """Assert that a refresh is refused, with nothing about why."""
    assert response.status_code == 400, response.content
    assert response.json()["error"] == error
    if error == "invalid_grant":
        sentence = "The refresh_token is unknown, used, expired or revoked."
        assert response.json()["error_description"] == sentence


def test_a_refresh_brings_new_tokens_for_the_same(refresh, first):
    response = refresh(first["refresh_token"])

    answer, claims = response.json(), said(response)
    assert response.status_code == 200
    assert response["Cache-Control"] == "no-store"
    assert answer["refresh_token"] != first["refresh_token"]
    assert answer["token_type"] == "Bearer"
    assert answer["expires_in"] == claims["exp"] - claims["iat"]
    assert answer["scope"] == claims["scope"] == "orders.read orders.write"
    assert claims["aud"] == [TARGET, BILLING]
    assert claims["sub"] == keys.SUBJECT
    assert claims["sub_id"]["iss"] == keys.ISSUER


def test_a_refresh_token_is_used_once_and_a_second_use_ends_the_family(
    refresh, introspect, first
):  # AT-099
    second = refresh(first["refresh_token"]).json()

    refused(refresh(first["refresh_token"]))

    refused(refresh(second["refresh_token"]))
    assert introspect(second["access_token"]) == {"active": False}


def test_a_second_use_ends_the_family_whatever_else_is_wrong_with_it(refresh, first):
    second = refresh(first["refresh_token"]).json()

    refused(refresh(first["refresh_token"], scope="more than was granted"))

    refused(refresh(second["refresh_token"]))


@pytest.mark.django_db(transaction=True)
def test_of_parallel_uses_at_most_one_succeeds(refresh, first):  # IT-18
    def use(_number: int) -> int:
        try:
            return refresh(first["refresh_token"]).status_code
        finally:
            databases.close_all()

    with ThreadPoolExecutor(10) as threads:
        answers = list(threads.map(use, range(20)))

    assert answers.count(200) <= 1
    assert set(answers) <= {200, 400}
    assert TokenFamily.objects.get().revoked_at is not None


@pytest.mark.parametrize("step", ["keep", "issue_refresh_token"])
def test_a_crash_in_the_middle_leaves_the_token_good(refresh, first, monkeypatch, step):
    def fall(*_anything):
        raise ZeroDivisionError

    with monkeypatch.context() as patch:
        patch.setattr(f"idp.tokens.refresh.{step}", fall)
        assert refresh(first["refresh_token"]).status_code == 500

    assert refresh(first["refresh_token"]).status_code == 200


def test_who_comes_second_by_a_moment_ends_the_family_too(
    refresh, introspect, first, monkeypatch
):  # IT-18
    find = tokens.refresh._find

    def found_and_used_meanwhile(*arguments):
        token = find(*arguments)
        RefreshToken.objects.update(used_at=timezone.now())
        return token

    monkeypatch.setattr(tokens.refresh, "_find", found_and_used_meanwhile)

    refused(refresh(first["refresh_token"]))

    assert introspect(first["access_token"]) == {"active": False}


def test_a_family_ends_absolutely(refresh, first, every_grant):  # IT-16
    answer = refresh(first["refresh_token"]).json()
    family = TokenFamily.objects.get()
    end = family.created_at + timedelta(seconds=every_grant.refresh_token_lifetime)
    assert abs(family.expires_at - end) < timedelta(seconds=1)

    TokenFamily.objects.update(expires_at=timezone.now() + timedelta(seconds=60))
    answer = refresh(answer["refresh_token"]).json()
    assert answer["expires_in"] <= 60

    TokenFamily.objects.update(expires_at=timezone.now())
    refused(refresh(answer["refresh_token"]))


def test_a_refresh_may_narrow_and_the_next_one_may_have_it_all_again(refresh, first):
    response = refresh(first["refresh_token"], scope="orders.read", audience=TARGET)
    assert said(response)["scope"] == "orders.read"
    assert said(response)["aud"] == TARGET

    again = refresh(response.json()["refresh_token"])
    assert said(again)["scope"] == "orders.read orders.write"


def test_a_refresh_never_widens(refresh, exchange, every_grant):  # IT-17
    narrow = exchange(scope="orders.read", audience=TARGET).json()["refresh_token"]

    refused(refresh(narrow, scope="orders.read orders.write"), "invalid_scope")
    refused(refresh(narrow, audience=BILLING), "invalid_target")
    assert refresh(narrow).status_code == 200  # refusing did not use it up


def test_what_the_application_lost_meanwhile_is_not_granted_again(
    refresh, first, every_grant
):  # IT-19, AT-097
    change(every_grant, scopes=frozenset({"orders.read"}))
    response = refresh(first["refresh_token"])
    assert response.json()["scope"] == said(response)["scope"] == "orders.read"

    change(every_grant, audiences=frozenset({TARGET}))
    refused(refresh(response.json()["refresh_token"]))


def test_another_applications_refresh_token_is_unknown(
    refresh, first, every_grant, billing
):  # AT-103
    change(billing, scopes=every_grant.scopes, audiences=every_grant.audiences)

    refused(refresh(first["refresh_token"], auth=(quote_plus(BILLING), SECRET)))

    assert refresh(first["refresh_token"]).status_code == 200


@pytest.mark.parametrize("token", ["unknown", "\x00", "a.b.c"])
def test_an_unknown_refresh_token_is_refused(refresh, every_grant, token):
    refused(refresh(token))


def test_a_missing_refresh_token_is_an_invalid_request(refresh, every_grant):
    refused(refresh(None), "invalid_request")


def test_an_access_token_is_no_refresh_token(refresh, first):
    refused(refresh(first["access_token"]))


def test_the_profile_of_a_local_account_is_as_it_is_today(refresh, exchange, every_grant, alice):
    change(every_grant, prioritize_local=True, attributes=frozenset({"email", "given_name"}))
    token = exchange(subject_token=keys.sign(auth_time=1_700_000_000)).json()["refresh_token"]
    change(alice, given_name="Alicia")

    claims = said(refresh(token))

    assert claims["sub"] == str(alice.public_id)
    assert claims["given_name"] == "Alicia"
    assert claims["auth_time"] == 1_700_000_000


def test_an_attribute_that_the_application_lost_is_not_told_again(
    refresh, exchange, every_grant
):  # IT-19
    change(every_grant, attributes=frozenset({"email", "given_name"}))
    token = keys.sign(email="ann@acme.example", given_name="Ann", acr="urn:acr:2")
    token = exchange(subject_token=token).json()["refresh_token"]
    change(every_grant, attributes=frozenset({"given_name"}))

    claims = said(refresh(token))

    assert "email" not in claims
    assert claims["given_name"] == "Ann"
    assert claims["acr"] == "urn:acr:2"


def test_an_outside_identity_ends_where_local_accounts_are_mandated(refresh, first, every_grant):
    change(every_grant, prioritize_local=True)
    second = refresh(first["refresh_token"]).json()["refresh_token"]

    change(every_grant, mandate_local=True)

    refused(refresh(second))


def test_refresh_tokens_are_kept_as_digests(first):  # IT-16
    kept = RefreshToken.objects.get()

    assert len(kept.digest) == 64
    assert len(first["refresh_token"]) >= 43
