"""The registry of scopes in the console."""

import pytest

from accounts.models import Role
from applications.models import Scope
from idp.models import AuditEvent
from tests.fixtures import change

LIST = "/console/scopes/"
NEW = "/console/scopes/new/"


@pytest.fixture
def scope(clerks):
    return Scope.objects.get()


@pytest.fixture
def path(scope):
    return f"{LIST}{scope.pk}/"


def text(response) -> str:
    return " ".join(response.content.decode().split())


def test_without_entries_the_list_says_what_it_is_for(console):
    assert "No scope is registered" in text(console.get(LIST))


def test_the_list_says_who_may_have_a_scope(console, scope):
    Scope.objects.create(name="orders.read", description="See orders.")
    Scope.objects.create(name="orders.purge", needs_role=True)

    page = text(console.get(LIST))

    assert "<bdi>Order clerks</bdi>" in page
    assert "No role has it: nobody gets it." in page
    assert "For everybody</span> </td>" in page
    assert "See orders." in page


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, {"orders.read", "orders.write"}),
        ({"role": "yes"}, {"orders.write"}),
        ({"role": "no"}, {"orders.read"}),
        ({"role": "needs_role__in"}, {"orders.read", "orders.write"}),
        ({"q": "READ"}, {"orders.read"}),
        ({"q": "change orders"}, {"orders.write"}),
        ({"q": "_"}, set()),
        ({"q": "x", "name__regex": "."}, set()),
    ],
)
def test_the_list_finds_by_words_and_by_the_mark(console, scope, asked, found):  # AT-141
    Scope.objects.create(name="orders.read")

    assert {row.name for row in console.get(LIST, asked).context["page"].rows} == found


def test_a_scope_is_registered_and_written_down(console):
    response = console.post(
        NEW, {"name": "orders.write", "description": "Change orders.", "needs_role": "on"}
    )

    scope = Scope.objects.get()
    assert (scope.name, scope.needs_role) == ("orders.write", True)
    assert response["Location"] == f"{LIST}{scope.pk}/"
    event = AuditEvent.objects.get()
    assert (event.action, event.target_name) == ("scope.created", "orders.write")


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        ({"name": ""}, "Enter the scope."),
        ({"name": "two words"}, "Enter a word of printable ASCII without quotes or spaces."),
        ({"name": "größe"}, "Enter a word of printable ASCII without quotes or spaces."),
        ({"name": "x" * 201}, "at most 200 characters"),
        ({"name": "orders.write"}, "already"),
        ({"description": "x" * 301}, "at most 300 characters"),
    ],
)
def test_a_mistake_is_said_and_what_was_typed_stays(console, scope, sent, message):
    typed = {"name": "new", "description": "Kept text"} | sent
    response = console.post(NEW, typed)

    assert response.status_code == 422
    assert message in text(response)
    assert "description" in sent or "Kept text" in text(response)
    assert not typed["name"] or f'value="{typed["name"]}"' in text(response)
    assert Scope.objects.count() == 1


def test_the_mark_is_taken_off_and_the_name_stays(console, scope, path):
    form = console.get(path).context["form"]

    sent = {"version": form.version, "description": "Other words.", "name": "orders.delete"}
    assert console.post(path, sent).status_code == 302

    scope.refresh_from_db()
    assert (scope.name, scope.description, scope.needs_role) == (
        "orders.write",
        "Other words.",
        False,
    )
    event = AuditEvent.objects.get()
    assert (event.action, event.before["needs_role"], event.after["needs_role"]) == (
        "scope.updated",
        True,
        False,
    )


def test_a_mark_that_somebody_set_meanwhile_is_not_taken_off(console, scope, path):
    change(scope, needs_role=False)
    version = console.get(path).context["form"].version
    change(scope, needs_role=True)

    response = console.post(path, {"version": version, "description": "Mine."})

    assert response.status_code == 409
    scope.refresh_from_db()
    assert scope.needs_role


def test_the_page_names_the_applications_and_roles_that_have_it(console, path, application):
    Role.objects.create(name="Writers", scopes=frozenset({"orders.writers"}))

    page = text(console.get(path))

    assert f"/console/applications/{application.pk}/exchange/" in page
    assert "Order clerks" in page
    assert "Writers" not in page


def test_it_is_taken_out_of_the_registry_with_its_name_typed(console, scope, path):
    page = text(console.get(f"{path}danger/"))
    assert "Nobody needs a role for it any more" in page

    wrong = console.post(f"{path}danger/", {"action": "delete", "confirmation": "Orders.write"})
    assert wrong.status_code == 422
    console.post(f"{path}danger/", {"action": "delete", "confirmation": "orders.write"})

    assert not Scope.objects.exists()
    event = AuditEvent.objects.get()
    assert (event.action, event.before["needs_role"]) == ("scope.deleted", True)


def test_its_activity_tells_its_changes(console, path, scope):
    form = console.get(path).context["form"]
    console.post(path, {"version": form.version, "description": "New."})

    assert "scope.updated" in text(console.get(f"{path}activity/"))


@pytest.mark.parametrize("page", ["", "activity/", "danger/"])
def test_a_scope_that_is_not_there_is_a_404(console, db, page):  # AT-133
    assert console.get(f"{LIST}4711/{page}").status_code == 404
