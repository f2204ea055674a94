"""
Scopes that need a role, on every path (AL-08, AT-126): the application and the account's roles.

A marked scope is for local accounts whose role grants it, and for nobody else: no outside identity,
no application by itself. What changes counts from the next request on.
"""

from urllib.parse import quote_plus

import jwt
import pytest

from accounts.models import Role
from applications.models import Scope
from idp.models import ExchangeRecord
from tests import keys
from tests.fixtures import SECRET, change

SENTENCE = "The scope is more than this application may ask for."
INACTIVE = {"active": False}


@pytest.fixture
def local(every_grant):
    """Let tokens be for linked local accounts, and say their roles."""
    change(every_grant, prioritize_local=True, attributes=frozenset({"roles"}))
    return every_grant


@pytest.fixture
def alice_is_clerk(alice, clerks, local):
    """Return the role that alice has, and that lets her have `orders.write`."""
    clerks.members.add(alice)
    return clerks


def said(answer) -> dict:
    return jwt.decode(answer["access_token"], options={"verify_signature": False})


def refused(response) -> ExchangeRecord:
    """Assert the one refusal of a scope, and return what administrators read about it."""
    answer = response.json()
    assert (response.status_code, answer["error"]) == (400, "invalid_scope")
    assert answer["error_description"] == SENTENCE
    return ExchangeRecord.objects.order_by("-at").first()


def test_a_local_account_with_the_role_has_the_scope(exchange, alice_is_clerk):
    answer = exchange(scope="orders.read orders.write").json()

    assert answer["scope"] == said(answer)["scope"] == "orders.read orders.write"
    assert said(answer)["roles"] == ["Order clerks"]


def test_a_local_account_without_the_role_does_not(exchange, alice, clerks, local):
    record = refused(exchange(scope="orders.read orders.write"))

    assert (record.reason, record.found) == ("scope.needs-role", "orders.write")
    assert record.wanted == "one of the roles: Order clerks"


def test_an_outside_identity_never_has_it(exchange, alice_is_clerk, local):
    change(local, prioritize_local=False)

    record = refused(exchange(scope="orders.write"))

    assert (record.reason, record.found) == ("scope.needs-role", "orders.write")
    assert record.wanted == "a local account with a role that has this scope"


def test_neither_does_whoever_says_so_in_a_foreign_token(exchange, alice_is_clerk, local):
    change(local, prioritize_local=False)
    token = keys.sign(roles=["Order clerks"], scope="orders.write", groups=["Order clerks"])

    refused(exchange(subject_token=token, scope="orders.write"))


def test_nor_an_application_by_itself(post, alice_is_clerk, local):
    form = {"grant_type": "client_credentials"}

    assert post("/oauth2/token", form | {"scope": "orders.read"}).status_code == 200
    answer = post("/oauth2/token", form | {"scope": "orders.write"}).json()
    assert answer == {"error": "invalid_scope", "error_description": SENTENCE}


def test_a_scope_that_is_not_marked_needs_no_role(exchange, alice, clerks, local):
    Scope.objects.update(needs_role=False)

    assert exchange(scope="orders.write").json()["scope"] == "orders.write"


def test_a_role_grants_nothing_that_the_application_may_not_have(exchange, alice_is_clerk, local):
    change(local, scopes=frozenset({"orders.read"}))

    assert refused(exchange(scope="orders.write")).reason == "scope.not-allowed"


@pytest.mark.parametrize("name", ["orders.write", "ORDERS.WRITE"])
def test_the_name_of_a_role_is_no_scope(exchange, alice, clerks, local, name):
    Role.objects.create(name=name).members.add(alice)

    assert refused(exchange(scope="orders.write")).reason == "scope.needs-role"


@pytest.mark.parametrize(
    "scopes", ["orders.writer", "orders", "orders.Write", "x%", "orders_write"]
)
def test_a_role_grants_a_scope_by_its_exact_name(exchange, alice_is_clerk, scopes):
    change(alice_is_clerk, scopes=frozenset({scopes}))

    assert refused(exchange(scope="orders.write")).reason == "scope.needs-role"


def test_a_renamed_role_keeps_members_and_scopes_and_is_called_by_its_name(
    exchange, alice_is_clerk
):
    change(alice_is_clerk, name="Warehouse")

    assert said(exchange(scope="orders.write").json())["roles"] == ["Warehouse"]


def test_no_scope_asked_none_given_whatever_the_roles(exchange, alice_is_clerk):
    answer = exchange().json()

    assert "scope" not in answer
    assert "scope" not in said(answer)


def test_another_account_s_role_is_of_no_use(exchange, alice, bob, clerks, local):
    clerks.members.add(bob)

    refused(exchange(scope="orders.write"))


def test_roles_are_said_to_applications_that_ask_for_them(exchange, alice_is_clerk, local, alice):
    Role.objects.create(name="Auditors").members.add(alice)
    assert said(exchange().json())["roles"] == ["Auditors", "Order clerks"]

    change(local, attributes=frozenset({"email"}))
    assert "roles" not in said(exchange().json())


LOSSES = {
    "role lost": lambda role, _alice: role.members.clear(),
    "role deleted": lambda role, _alice: role.delete(),
    "role without the scope": lambda role, _alice: change(role, scopes=frozenset()),
    "another role of that name": lambda role, alice: (
        role.delete(),
        Role.objects.create(name="Order clerks", scopes=frozenset({"orders.write"})),
    ),
}


@pytest.fixture(params=LOSSES)
def lose(request, alice_is_clerk, alice):
    """Return a function that takes the scope away from alice."""
    return lambda: LOSSES[request.param](alice_is_clerk, alice)


@pytest.mark.parametrize("form", ["jwt", "opaque"])
def test_a_token_with_a_scope_that_is_lost_is_inactive_at_once(
    exchange, introspect, local, lose, form
):
    change(local, access_token_format=form)
    narrow = exchange(scope="orders.read").json()["access_token"]
    wide = exchange(scope="orders.write").json()["access_token"]
    assert introspect(wide)["scope"] == "orders.write"

    lose()

    assert introspect(wide) == INACTIVE
    assert introspect(narrow)["scope"] == "orders.read"


def test_its_family_goes_on_without_the_scope(exchange, refresh, introspect, lose):
    first = exchange(scope="orders.read orders.write").json()["refresh_token"]

    lose()

    assert introspect(first)["scope"] == "orders.read"
    answer = refresh(first).json()
    assert answer["scope"] == said(answer)["scope"] == "orders.read"
    assert introspect(answer["access_token"])["scope"] == "orders.read"


def test_a_refresh_that_asks_for_it_all_the_same_is_refused(exchange, refresh, lose):
    first = exchange(scope="orders.read orders.write").json()["refresh_token"]
    lose()

    answer = refresh(first, scope="orders.write").json()

    assert answer == {"error": "invalid_scope", "error_description": SENTENCE}
    assert refresh(first, scope="orders.read").json()["scope"] == "orders.read"


def test_a_refresh_gives_the_scope_while_there_is_the_role(exchange, refresh, alice_is_clerk):
    first = exchange(scope="orders.write").json()["refresh_token"]

    assert refresh(first).json()["scope"] == "orders.write"


def test_a_role_won_later_widens_no_family(exchange, refresh, alice, clerks, local):
    first = exchange(scope="orders.read").json()["refresh_token"]
    clerks.members.add(alice)

    answer = refresh(first, scope="orders.read orders.write").json()

    assert answer == {"error": "invalid_scope", "error_description": SENTENCE}


def test_a_mark_counts_for_tokens_that_were_issued_before(exchange, post, introspect, local):
    outside = exchange(scope="orders.write").json()["access_token"]
    form = {"grant_type": "client_credentials", "scope": "orders.write"}
    by_itself = post("/oauth2/token", form).json()["access_token"]
    assert introspect(outside)["active"] is introspect(by_itself)["active"] is True

    scope = Scope.objects.create(name="orders.write", needs_role=True)

    assert introspect(outside) == introspect(by_itself) == INACTIVE
    scope.delete()
    assert introspect(outside)["active"] is True


def test_an_api_in_the_audience_sees_it_as_well(exchange, introspect, alice_is_clerk, billing):
    audience = "https://billing.ours.example"
    token = exchange(scope="orders.write", audience=audience).json()["access_token"]
    as_billing = (quote_plus(audience), SECRET)
    assert introspect(token, auth=as_billing)["scope"] == "orders.write"

    alice_is_clerk.members.clear()

    assert introspect(token, auth=as_billing) == INACTIVE


def test_a_refusal_is_recorded_for_the_account_that_asked(exchange, alice, clerks, local):
    record = refused(exchange(scope="orders.write"))

    assert (record.user, record.identity) == (alice, "linked")
