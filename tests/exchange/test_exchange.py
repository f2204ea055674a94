"""What an exchange answers and what the issued token says (RFC 8693 2.2, RFC 9068 2)."""

import jwt
import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from connections.models import SpentToken
from idp.exchange import token_types
from idp.models import AccessToken
from tests import keys
from tests.fixtures import TARGET, change


def issued(response) -> dict:
    """Return the claims of the token in an answer; its signature is another test's subject."""
    return jwt.decode(response.json()["access_token"], options={"verify_signature": False})


def test_answers_with_a_token_for_the_federated_identity(exchange):  # RP-01
    response = exchange()

    answer = response.json()
    assert response.status_code == 200
    assert response["Cache-Control"] == "no-store"
    assert response["Pragma"] == "no-cache"
    assert answer.keys() == {"access_token", "issued_token_type", "token_type", "expires_in"}
    assert answer["issued_token_type"] == token_types.ACCESS_TOKEN
    assert answer["token_type"] == "Bearer"
    assert issued(response)["sub"] == keys.SUBJECT


def test_the_token_says_who_issued_it_for_whom_and_whose_subject_it_is(
    exchange,
):  # IT-02, IT-07, RP-14
    claims = issued(exchange(subject_token=keys.sign(nonce="n", groups=["admin"], name="A")))

    assert claims == {
        "iss": "https://id.ours.example",
        "client_id": "orders",
        "aud": "orders",
        "sub": keys.SUBJECT,
        "sub_id": {"format": "iss_sub", "iss": keys.ISSUER, "sub": keys.SUBJECT},
        "iat": claims["iat"],
        "exp": claims["exp"],
        "jti": claims["jti"],
    }


def test_the_token_of_a_linked_account_names_the_account(exchange, application, alice):
    change(application, prioritize_local=True, attributes={"email", "given_name", "picture"})

    claims = issued(exchange(subject_token=keys.sign(email="other@acme.example")))

    assert claims["sub"] == str(alice.public_id)
    assert claims["email"] == "alice@ours.example"
    assert claims["given_name"] == "Alice"
    assert "sub_id" not in claims
    assert "picture" not in claims


def test_a_federated_identity_brings_only_the_attributes_asked_for(exchange, application):  # RP-14
    change(application, attributes={"email", "email_verified", "given_name", "picture"})
    told = {"email": "a@acme.example", "email_verified": "true", "given_name": {"x": 1}}

    claims = issued(exchange(subject_token=keys.sign(family_name="Doe", **told)))

    assert claims["email"] == "a@acme.example"
    assert not {"email_verified", "given_name", "family_name", "picture"} & claims.keys()


def test_copies_how_the_subject_signed_in_where_it_is_well_formed(exchange):  # IT-12
    told = {"auth_time": 1_700_000_000, "acr": "urn:acr:2", "amr": ["pwd", 7]}

    claims = issued(exchange(subject_token=keys.sign(**told)))

    assert claims["auth_time"] == 1_700_000_000
    assert claims["acr"] == "urn:acr:2"
    assert "amr" not in claims


def test_the_token_is_for_the_targets_asked_for(exchange):  # TE-09, IT-04
    both = [TARGET, "https://billing.ours.example"]

    assert issued(exchange(audience=TARGET))["aud"] == TARGET
    assert issued(exchange(audience=TARGET, resource=both[1]))["aud"] == both
    assert issued(exchange(audience=both))["aud"] == both


def test_the_token_has_the_default_audience_where_none_is_asked_for(exchange, application):  # D9
    change(application, default_audience="https://api.ours.example")

    assert issued(exchange())["aud"] == "https://api.ours.example"


@pytest.mark.parametrize("nobody", ["*", "https://id.ours.example"])
@pytest.mark.parametrize("field", ["audiences", "default_audience", "client_id"])
def test_no_token_is_for_everybody_or_for_this_server(application, field, nobody):  # IT-04
    value = {nobody} if field == "audiences" else nobody

    with pytest.raises(ValidationError, match="neither"):
        change(application, **{field: value})


def test_grants_the_scope_asked_for_and_none_otherwise(exchange):  # TE-18, RP-05, IT-06
    response = exchange(scope="orders.write orders.read")

    assert response.json()["scope"] == issued(response)["scope"] == "orders.read orders.write"
    assert "scope" not in issued(exchange())


def test_the_token_never_outlives_the_subject_token(exchange, application):  # AC-12
    now = keys.claims()["iat"]

    short = exchange(subject_token=keys.sign(exp=now + 60)).json()["expires_in"]
    change(application, outlives_subject_token=True, access_token_lifetime=600)
    long = exchange(subject_token=keys.sign(exp=now + 60)).json()["expires_in"]

    assert 0 < short <= 60
    assert long == 600


def test_a_token_within_the_clock_skew_is_worth_the_rest_of_the_skew(exchange):
    late = keys.sign(exp=keys.claims()["iat"] - 10)

    assert 1 <= exchange(subject_token=late).json()["expires_in"] <= 20


def test_expires_in_is_what_the_token_says(exchange):  # RP-04
    response = exchange()

    claims = issued(response)
    assert response.json()["expires_in"] == claims["exp"] - claims["iat"]


def test_issues_an_opaque_token_where_the_application_wants_one(exchange, application):
    change(application, access_token_format="opaque")

    token = exchange().json()["access_token"]

    assert "." not in token
    assert AccessToken.objects.get().claims["sub"] == keys.SUBJECT
    assert not AccessToken.objects.filter(digest__contains=token).exists()


def test_can_be_asked_for_a_jwt_unless_tokens_are_opaque(exchange, application):  # RP-02
    response = exchange(requested_token_type=token_types.JWT)
    assert response.json()["issued_token_type"] == token_types.JWT

    change(application, access_token_format="opaque")
    response = exchange(requested_token_type=token_types.JWT)
    assert response.status_code == 400
    assert response.json()["error"] == "invalid_request"


def test_gives_a_refresh_token_only_with_the_refresh_grant(exchange, application):  # RP-06
    assert "refresh_token" not in exchange().json()

    change(application, grant_types=application.grant_types | {"refresh_token"})

    assert exchange().json()["refresh_token"]


def test_the_same_token_can_be_exchanged_again(exchange):  # TE-28
    token = keys.sign()

    assert exchange(subject_token=token).status_code == 200
    assert exchange(subject_token=token).status_code == 200
    assert not SpentToken.objects.exists()


def test_a_public_mobile_application_can_exchange(exchange, application):
    change(application, type="mobile", authentication_method="none", secret_digest="")

    assert exchange(auth=None, client_id="orders").status_code == 200


def test_refuses_an_application_without_the_grant(exchange, application):  # TE-19, TE-21
    change(application, grant_types=frozenset())

    response = exchange()

    assert response.status_code == 400
    assert response.json()["error"] == "unauthorized_client"


def test_a_single_page_application_never_has_the_grant(application):
    application.type, application.authentication_method = "single-page", "none"
    with pytest.raises(ValidationError, match="single-page application cannot use token exchange"):
        application.full_clean()
    with pytest.raises(IntegrityError):
        application.save()


def test_mandating_a_local_account_needs_prioritizing_it(application):
    application.mandate_local = True
    with pytest.raises(ValidationError, match=r"needs .prioritize local account attributes"):
        application.full_clean()
    with pytest.raises(IntegrityError):
        application.save()
