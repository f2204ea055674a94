"""Roles in the console: listed, entered, changed, deleted, and what others did meanwhile."""

import pytest

from accounts.models import Role
from idp.models import AuditEvent
from tests import hostile_names
from tests.fixtures import change

LIST = "/console/roles/"
NEW = "/console/roles/new/"


@pytest.fixture
def path(clerks):
    return f"{LIST}{clerks.pk}/"


@pytest.fixture
def send(console, path):
    """Return a function that sends the role's form as the page shows it, with changes."""

    def send(**changes):
        form = console.get(path).context["form"]
        shown = {
            "version": form.version,
            "name": form.initial["name"],
            "description": form.initial["description"],
            "scopes": "\n".join(form.initial["scopes"]),
        }
        return console.post(path, shown | changes)

    return send


def text(response) -> str:
    return " ".join(response.content.decode().split())


def test_without_roles_the_list_says_what_they_are_for(console):
    page = text(console.get(LIST))

    assert "No role yet" in page
    assert f'href="{NEW}"' in page


def test_the_list_shows_scopes_and_the_number_of_members(console, clerks, alice, bob):
    clerks.members.add(alice, bob)
    Role.objects.create(name="Auditors")

    page = text(console.get(LIST))

    assert page.index("Auditors") < page.index("Order clerks")
    assert "<code>orders.write</code>" in page
    assert 'class="ui-number">2</td>' in page
    assert 'class="ui-number">0</td>' in page


@pytest.mark.parametrize(
    ("words", "is_found"),
    [("clerk", True), ("CLERK", True), ("orders.w", True), ("auditor", False), ("%", False)],
)
def test_the_list_finds_by_name_and_scope(console, clerks, words, is_found):
    page = text(console.get(LIST, {"q": words}))

    assert ("Order clerks" in page) is is_found
    assert ("No role fits" in page) is not is_found


def test_the_list_asks_as_many_questions_whatever_the_roles(console, django_assert_num_queries):
    for number in range(40):
        Role.objects.create(name=f"Role {number:02}")

    with django_assert_num_queries(4):  # session, person, roles, members
        console.get(LIST)


def test_a_role_is_entered_and_written_down(console):
    response = console.post(
        NEW, {"name": " Order clerks ", "description": "Telephone.", "scopes": "b\n\na"}
    )

    role = Role.objects.get()
    assert (role.name, role.description, role.scopes) == ("Order clerks", "Telephone.", {"a", "b"})
    assert response["Location"] == f"{LIST}{role.pk}/members/"
    event = AuditEvent.objects.get()
    assert (event.action, event.target_name, event.actor_name) == (
        "role.created",
        "Order clerks",
        "root",
    )
    assert event.after == {
        "name": "Order clerks",
        "description": "Telephone.",
        "scopes": ["a", "b"],
    }


MISTAKES = [
    pytest.param({"name": ""}, "Enter a name.", id="no-name"),
    pytest.param({"name": "ORDER CLERKS"}, "There is a role with this name already.", id="taken"),
    pytest.param({"name": "x" * 81}, "at most 80 characters", id="long"),
    pytest.param({"name": "Adm\u202ein"}, "Remove the invisible characters", id="turned-around"),
    pytest.param({"name": "A\0"}, "Null characters are not allowed.", id="nul"),
    pytest.param({"scopes": "a b"}, "Correct line 1", id="two-words"),
    pytest.param({"description": "x" * 301}, "at most 300 characters", id="long-description"),
]


@pytest.mark.parametrize(("sent", "message"), MISTAKES)
def test_a_mistake_is_said_and_what_was_typed_stays(console, clerks, sent, message):
    response = console.post(NEW, {"name": "New", "description": "Kept text", "scopes": ""} | sent)

    assert response.status_code == 422
    assert message in text(response)
    assert "description" in sent or "Kept text" in text(response)
    assert Role.objects.count() == 1
    assert not AuditEvent.objects.exists()


def test_nothing_but_what_the_form_has_is_taken(console, alice):  # AT-132
    console.post(NEW, {"name": "A", "members": alice.pk, "id": 7, "pk": 7, "needs_role": "on"})

    role = Role.objects.get()
    assert role.pk != 7
    assert not role.members.exists()


def test_a_change_is_saved_and_written_down(send, clerks):
    assert send(name="Clerks", scopes="orders.read\norders.write").status_code == 302

    clerks.refresh_from_db()
    assert (clerks.name, clerks.scopes) == ("Clerks", {"orders.read", "orders.write"})
    event = AuditEvent.objects.get()
    assert (event.action, event.before["name"], event.after["name"]) == (
        "role.updated",
        "Order clerks",
        "Clerks",
    )


def test_a_change_keeps_the_members(send, clerks, alice):
    clerks.members.add(alice)

    send(name="Clerks")

    assert list(Role.objects.get().members.all()) == [alice]


def test_a_change_that_somebody_else_made_meanwhile_is_not_overwritten(console, path, clerks):
    sent = {"version": console.get(path).context["form"].version, "name": "Mine", "scopes": "mine"}
    change(clerks, scopes=frozenset({"theirs"}))

    response = console.post(path, sent)

    assert response.status_code == 409
    assert "theirs" in text(response)
    clerks.refresh_from_db()
    assert clerks.scopes == {"theirs"}


def test_the_page_says_which_scopes_need_a_role_at_all(console, path, clerks):
    change(clerks, scopes=frozenset({"orders.write", "orders.read"}))

    page = text(console.get(path))

    assert "Not marked: it needs no role, so everybody may have it." in page
    assert page.count("Needs a role</span>") == 1


def test_a_role_is_deleted_once_its_name_is_typed(console, path, clerks, alice):
    clerks.members.add(alice)
    danger = f"{path}danger/"
    assert "1 member can ask no more for orders.write" in text(console.get(danger))

    wrong = console.post(danger, {"action": "delete", "confirmation": "order clerks"})
    assert wrong.status_code == 422
    assert Role.objects.exists()

    response = console.post(danger, {"action": "delete", "confirmation": "Order clerks"})
    assert response["Location"] == LIST
    assert not Role.objects.exists()
    alice.refresh_from_db()
    event = AuditEvent.objects.get()
    assert (event.action, event.after) == ("role.deleted", {})
    assert (event.before["members"], event.before["member_count"]) == (["alice"], 1)


@pytest.mark.parametrize("action", ["disable", "enable", "", "purge"])
def test_there_is_nothing_else_to_do_to_a_role(console, path, clerks, action):
    response = console.post(f"{path}danger/", {"action": action, "confirmation": "Order clerks"})

    assert response.status_code == 422
    assert Role.objects.exists()


def test_its_activity_tells_its_changes(console, send, path):
    send(name="Clerks")

    assert "role.updated" in text(console.get(f"{path}activity/"))


@pytest.mark.parametrize("page", ["", "members/", "activity/", "danger/"])
def test_a_role_that_is_not_there_is_a_404(console, db, page):  # AT-133
    assert console.get(f"{LIST}4711/{page}").status_code == 404
    assert console.post(f"{LIST}4711/{page}").status_code in {404, 405}


@pytest.mark.parametrize("name", hostile_names.TEXTS)
def test_its_texts_do_nothing(console, alice, name):  # AT-129
    role = Role.objects.create(name=name[:80], scopes=frozenset({"a"}))
    role.members.add(alice)

    for page in (LIST, *(f"{LIST}{role.pk}/{tab}" for tab in ("", "members/", "danger/"))):
        hostile_names.assert_harmless(console.get(page).content.decode(), name[:40])
    roles = console.get(f"/console/users/{alice.public_id}/roles/")
    hostile_names.assert_harmless(roles.content.decode(), name[:40])


def test_the_palette_finds_roles_and_scopes(console, clerks):
    assert f"{LIST}{clerks.pk}/" in text(console.get("/console/search/?q=clerk"))
    assert "orders.write" in text(console.get("/console/search/?q=orders.w"))
