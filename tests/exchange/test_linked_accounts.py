"""Every row of the decision table, through the token endpoint (exchange.md 3)."""

import jwt
import pytest
from django import db
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import FederatedLink, RemovedLink, User
from idp.exchange.account import NO_ACCOUNT
from tests import keys
from tests.fixtures import change

FEDERATED, REFUSED = "federated", "refused"
EMAIL = {"email": "bob@ours.example", "email_verified": True}


def outcome(response) -> str:  # ST-33
    """Return whom the token is for: federated, a username, or refused."""
    if response.status_code == 400:
        assert response.json()["error"] == "invalid_request"
        assert response.json()["error_description"] == NO_ACCOUNT
        return REFUSED
    assert response.status_code == 200, response.content
    claims = jwt.decode(response.json()["access_token"], options={"verify_signature": False})
    if "sub_id" in claims:
        return FEDERATED
    return User.objects.get(public_id=claims["sub"]).username


@pytest.fixture
def prefer(application):
    """Switch "prioritize local account attributes" on."""
    change(application, prioritize_local=True)


@pytest.fixture
def mandate(application):
    """Switch "mandate linked local account" on as well."""
    change(application, prioritize_local=True, mandate_local=True)


@pytest.fixture(params=[FEDERATED, REFUSED], ids=["prefer", "mandate"])
def otherwise(request, application):
    """Run with both wishes; return what happens where there is no local account."""
    change(application, prioritize_local=True, mandate_local=request.param == REFUSED)
    return request.param


@pytest.fixture
def by_email(connection):
    """Let the connection find accounts by e-mail address, then by username."""
    change(
        connection,
        implicit_linking=True,
        primary_lookup="email",
        secondary_lookup="username",
        issuer_verifies=frozenset({"username"}),
    )


def links() -> list[tuple[str, str]]:
    """Return every link as (subject, username)."""
    return list(FederatedLink.objects.values_list("subject", "user__username"))


def test_row_1_without_prioritize_no_account_is_consulted(exchange, alice, by_email):
    token = keys.sign(email="alice@ours.example", email_verified=True)

    with CaptureQueriesContext(db.connection) as queries:
        response = exchange(subject_token=token)

    assert outcome(response) == FEDERATED
    assert not [query for query in queries.captured_queries if "accounts_" in query["sql"]]


def test_row_2_a_link_leads_to_its_account(exchange, otherwise, alice):
    assert outcome(exchange()) == "alice"


def test_row_2_a_link_is_followed_though_the_address_says_somebody_else(
    exchange, otherwise, alice, bob, by_email
):
    assert outcome(exchange(subject_token=keys.sign(**EMAIL))) == "alice"


@pytest.mark.parametrize("state", [{"is_active": False}, {"locked_at": timezone.now()}])
def test_row_3_a_linked_account_that_is_disabled_or_locked_is_refused(
    exchange, otherwise, alice, by_email, state
):
    change(alice, **state)

    assert outcome(exchange()) == REFUSED


def test_rows_4_and_5_without_implicit_linking_nobody_is_looked_up(
    exchange, otherwise, bob, connection
):
    change(connection, primary_lookup="email")  # chosen, but not switched on

    assert outcome(exchange(subject_token=keys.sign(**EMAIL))) == otherwise
    assert links() == []


def test_row_6_the_one_account_that_matches_is_linked(exchange, otherwise, bob, by_email):
    assert outcome(exchange(subject_token=keys.sign(**EMAIL))) == "bob"

    link = FederatedLink.objects.get()
    assert (link.subject, link.user, link.origin) == (keys.SUBJECT, bob, "implicit")
    assert link.matched_by == "email"
    assert outcome(exchange()) == "bob"  # by the link now, without the claims


@pytest.mark.parametrize("state", [{"is_active": False}, {"locked_at": timezone.now()}])
def test_row_7_a_matching_account_that_is_disabled_or_locked_is_refused(
    exchange, otherwise, bob, by_email, state
):
    change(bob, **state)

    assert outcome(exchange(subject_token=keys.sign(**EMAIL))) == REFUSED
    assert links() == []


@pytest.mark.parametrize(
    "claims",
    [
        pytest.param({"email": "nobody@ours.example", "email_verified": True}, id="no-account"),
        pytest.param({}, id="claim-missing"),
        pytest.param({"email": "bob@ours.example"}, id="unverified"),
        pytest.param(EMAIL | {"email_verified": "true"}, id="verified-as-text"),  # AT-115
        pytest.param(EMAIL | {"email_verified": 1}, id="verified-as-number"),
        pytest.param(EMAIL | {"email": ["bob@ours.example"]}, id="claim-of-another-type"),
    ],
)
def test_rows_8_and_9_without_a_verified_match_no_link_is_made(
    exchange, otherwise, bob, by_email, claims
):  # ST-27
    assert outcome(exchange(subject_token=keys.sign(**claims))) == otherwise
    assert links() == []


def test_rows_8_and_9_several_accounts_match(exchange, otherwise, connection, bob):
    """Two names that fold alike are two people: nobody is guessed, nor asked for otherwise."""
    change(
        connection,
        implicit_linking=True,
        primary_lookup="username",
        secondary_lookup="email",
        issuer_verifies=frozenset({"username"}),
    )
    User.objects.create_user("strasse")
    User.objects.create_user("straße")

    token = keys.sign(preferred_username="strasse", **EMAIL)

    assert outcome(exchange(subject_token=token)) == otherwise
    assert links() == []


def test_an_address_its_owner_never_verified_matches_nobody(exchange, otherwise, bob, by_email):
    change(bob, email_verified=False)  # AT-114: a stranger registered with somebody's address

    assert outcome(exchange(subject_token=keys.sign(**EMAIL))) == otherwise


def test_a_number_its_owner_never_verified_matches_nobody(exchange, otherwise, bob, connection):
    change(connection, implicit_linking=True, primary_lookup="mobile")
    change(bob, mobile_verified=False)
    token = keys.sign(phone_number=bob.mobile, phone_number_verified=True)

    assert outcome(exchange(subject_token=token)) == otherwise
    assert links() == []


def test_the_secondary_is_asked_where_the_primary_found_nobody(exchange, mandate, bob, by_email):
    token = keys.sign(email="else@ours.example", email_verified=True, preferred_username="BOB")

    assert outcome(exchange(subject_token=token)) == "bob"
    assert FederatedLink.objects.get().matched_by == "username"


def test_the_secondary_is_not_asked_where_the_primary_found_somebody(
    exchange, mandate, alice, bob, by_email
):
    token = keys.sign(sub="new", preferred_username="alice", **EMAIL)

    assert outcome(exchange(subject_token=token)) == "bob"


def test_a_username_counts_only_where_the_issuer_does_not_let_people_choose_it(
    exchange, otherwise, bob, connection
):
    change(connection, implicit_linking=True, primary_lookup="username")

    assert outcome(exchange(subject_token=keys.sign(preferred_username="bob"))) == otherwise


@pytest.mark.parametrize("number", ["+4930123456", "+49 30 123456", "+49 (30) 123-456"])
def test_a_number_is_compared_in_one_form(exchange, mandate, bob, connection, number):  # AL-07
    change(connection, implicit_linking=True, primary_lookup="mobile")
    token = keys.sign(phone_number=number, phone_number_verified=True)

    assert outcome(exchange(subject_token=token)) == "bob"


@pytest.mark.parametrize("number", ["004930123456", "030123456", "+4930123456x7", "+٤٩٣٠١٢٣٤٥٦"])
def test_a_number_without_country_code_or_with_extras_matches_nobody(
    exchange, mandate, bob, connection, number
):  # AT-119
    change(connection, implicit_linking=True, primary_lookup="mobile")
    token = keys.sign(phone_number=number, phone_number_verified=True)

    assert outcome(exchange(subject_token=token)) == REFUSED


@pytest.mark.parametrize(
    "address",
    ["b\N{LATIN SMALL LETTER O WITH STROKE}b@ours.example", "bob@ours.example.",
     "bo\u200bb@ours.example", "b\N{CYRILLIC SMALL LETTER O}b@ours.example",
     "bob@ours.example\r\nBcc: x@y.example"],
)  # fmt: skip
def test_an_address_that_only_looks_alike_matches_nobody(
    exchange, mandate, bob, by_email, address
):  # AT-117, AT-118
    token = keys.sign(email=address, email_verified=True)

    assert outcome(exchange(subject_token=token)) == REFUSED


def test_one_candidate_that_only_folds_alike_is_somebody_else(exchange, mandate, by_email):
    User.objects.create_user("strasse", email="strasse@ours.example", email_verified=True)
    token = keys.sign(email="straße@ours.example", email_verified=True)

    assert outcome(exchange(subject_token=token)) == REFUSED


@pytest.mark.parametrize("address", ["BOB@Ours.Example", "ｂｏｂ@ours.example"])
def test_case_and_width_of_letters_do_not_matter(exchange, mandate, bob, by_email, address):
    token = keys.sign(email=address, email_verified=True)

    assert outcome(exchange(subject_token=token)) == "bob"


def test_an_account_linked_to_another_subject_of_the_issuer_is_not_linked_again(
    exchange, otherwise, connection, bob, by_email
):
    FederatedLink.objects.create(connection=connection, subject="old", user=bob, origin="implicit")

    assert outcome(exchange(subject_token=keys.sign(**EMAIL))) == otherwise
    assert links() == [("old", "bob")]


def test_a_link_its_owner_removed_is_not_made_again(exchange, otherwise, connection, bob, by_email):
    RemovedLink.objects.create(connection=connection, subject=keys.SUBJECT, user=bob)

    assert outcome(exchange(subject_token=keys.sign(**EMAIL))) == otherwise
    assert links() == []


def test_the_subject_is_compared_with_case(exchange, mandate, alice):  # AT-046
    assert outcome(exchange(subject_token=keys.sign(sub=keys.SUBJECT + "A"))) == REFUSED
    FederatedLink.objects.update(subject="Alice")
    assert outcome(exchange(subject_token=keys.sign(sub="alice"))) == REFUSED
    assert outcome(exchange(subject_token=keys.sign(sub="Alice"))) == "alice"


def test_a_used_link_remembers_when(exchange, prefer, alice):
    exchange()

    assert FederatedLink.objects.get().last_used_at is not None
