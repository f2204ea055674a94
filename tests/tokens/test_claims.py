"""What is in an access token, and what of a subject token never gets there (RFC 9068 2.2)."""

import pytest

from accounts.models import User
from applications.attributes import LOCAL_ONLY, PROFILE
from applications.models import Application
from idp.tokens import claims as token_claims
from tests import keys

TOO_LONG = "x" * (token_claims.MAXIMUM_TEXT + 1)
GOOD_CONTEXT = {"auth_time": 1_700_000_000, "acr": "urn:acr:2", "amr": ["pwd", "otp"]}


def federated(**told):
    """Return the claims of an outside identity for an application that asks for everything."""
    return token_claims.federated_identity({"sub": "s"} | told, keys.ISSUER, PROFILE)


def test_how_somebody_signed_in_is_copied_and_never_invented():  # IT-12
    assert token_claims.authentication_context(keys.claims(**GOOD_CONTEXT)) == GOOD_CONTEXT
    assert token_claims.authentication_context(keys.claims()) == {}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("auth_time", value) for value in (True, -1, 1.5, "1700000000", 2**53, None, [1])),
        *(("acr", value) for value in ("", 2, TOO_LONG, "a\x00", ["x"], None)),
        *(("amr", value) for value in ([], "pwd", ["pwd", 7], [""], ["x"] * 11, {"pwd": 1}, None)),
    ],
    ids=lambda value: repr(value)[:16],
)
def test_what_is_not_well_formed_is_left_out_and_the_rest_kept(name, value):  # IT-12
    context = token_claims.authentication_context(GOOD_CONTEXT | {name: value})

    assert context == {key: good for key, good in GOOD_CONTEXT.items() if key != name}


@pytest.mark.parametrize("name", PROFILE)
@pytest.mark.parametrize(
    "value", ["", 7, "true", TOO_LONG, "a\x00b", ["a"], {"a": 1}, None, 1.5], ids=repr
)
def test_an_attribute_is_a_text_or_where_it_says_verified_true_or_false(name, value):
    is_flag = name.endswith("_verified")
    is_good = not is_flag and value == "true" and name not in LOCAL_ONLY

    assert (name in federated(**{name: value})) is is_good
    assert federated(**{name: True}).get(name) is (True if is_flag else None)


def test_an_outside_identity_says_whose_subject_it_is():
    said = federated(name="Ann", sub_id="mallory", iss="https://mallory.example", roles=["admin"])

    sub_id = {"format": "iss_sub", "iss": keys.ISSUER, "sub": "s"}
    assert said == {"sub": "s", "sub_id": sub_id, "name": "Ann"}


def test_no_attribute_has_the_name_of_a_claim_that_decides():
    decisive = {"iss", "sub", "sub_id", "aud", "exp", "iat", "nbf", "jti", "client_id", "scope"}

    assert not decisive & set(PROFILE)


@pytest.mark.parametrize("value", ["admin", ["admin"], {"admin": True}, True], ids=repr)
def test_another_issuer_says_nothing_about_roles(value):  # AT-126
    assert "roles" not in federated(roles=value)


@pytest.mark.django_db
def test_an_account_is_told_with_its_own_attributes_only():
    user = User(
        username="ann", given_name="Ann", family_name="Doe", email="ann@ours.example",
        email_verified=False, mobile="+4930123456", mobile_verified=True,
    )  # fmt: skip

    assert token_claims.local_identity(user, PROFILE) == {
        "sub": str(user.public_id),
        "preferred_username": "ann",
        "name": "Ann Doe",
        "given_name": "Ann",
        "family_name": "Doe",
        "email": "ann@ours.example",
        "email_verified": False,
        "phone_number": "+4930123456",
        "phone_number_verified": True,
    }


@pytest.mark.django_db
def test_what_an_account_does_not_have_is_left_out():
    user = User(username="ann", email_verified=True, mobile_verified=True)

    said = token_claims.local_identity(user, set(PROFILE) - {"preferred_username"})

    assert said == {"sub": str(user.public_id)}


@pytest.mark.parametrize(("audience", "aud"), [(["a"], "a"), (["a", "b"], ["a", "b"])])
def test_the_members_have_the_types_of_the_rfc(audience, aud):  # IT-02, IT-04, IT-06, IT-07
    claims = token_claims.access_token_claims(
        {"sub": "s"},
        Application(client_id="orders"),
        audience=audience,
        scopes={"b", "a"},
        now=1_700_000_000.9,
        lifetime=60,
    )

    assert claims.pop("jti")
    assert claims == {
        "iss": "https://id.ours.example",
        "sub": "s",
        "aud": aud,
        "client_id": "orders",
        "scope": "a b",
        "iat": 1_700_000_000,
        "exp": 1_700_000_060,
    }
