"""What administrators read of an exchange that was refused for want of a role."""

from urllib.parse import urlsplit

import pytest

from accounts.models import Role
from tests.fixtures import change


@pytest.fixture
def page(console, exchange, application):
    """Return a function that exchanges, and returns the page of the refusal."""

    def look(**changes) -> str:
        response = exchange(scope="orders.write", **changes)
        assert response.json()["error"] == "invalid_scope"
        path = urlsplit(response.json()["error_uri"]).path
        return " ".join(console.get(path).content.decode().split())

    return look


def test_the_page_names_scope_and_roles_and_leads_to_the_person(page, application, alice, clerks):
    change(application, prioritize_local=True)
    Role.objects.create(name="Chiefs", scopes=frozenset({"orders.write", "orders.purge"}))

    shown = page()

    assert "<h1>Scope needs a role</h1>" in shown
    assert "<code>scope.needs-role</code>" in shown
    assert "<code><bdi>orders.write</bdi></code>" in shown
    assert "one of the roles: Chiefs, Order clerks" in shown
    assert "Give the account a role with this scope" in shown
    assert f'href="/console/users/{alice.public_id}/roles/"' in shown


def test_for_an_outside_identity_it_leads_to_the_registry(page, clerks):
    shown = page()

    assert "a local account with a role that has this scope" in shown
    assert '<a class="btn btn-sm" href="/console/scopes/"' in shown


def test_without_such_a_role_it_says_that_there_is_none(page, application, alice, clerks):
    change(application, prioritize_local=True)
    clerks.delete()

    assert "a role that has this scope: there is none" in page()
