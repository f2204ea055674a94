"""Roles and scopes in the configuration file, and who has which (AL-08, AT-132)."""

import pytest

from accounts.models import Role, User
from applications.models import Scope
from idp.models import AuditEvent
from tests.configuration.conftest import Apply, Refused

EXAMPLE = """\
scopes:
  - {name: orders.read, description: See orders., needs_role: true}
roles:
  - name: Order clerks
    description: They take orders by telephone.
    scopes: [orders.read]
users:
  - username: example-user
    roles: [Order clerks]
"""
CLERKS = "roles: [{name: Order clerks, scopes: [orders.write]}]\n"


def roles_of(username: str) -> set[str]:
    return set(User.objects.get(username=username).roles.values_list("name", flat=True))


def test_a_file_makes_scopes_roles_and_their_members(apply: Apply):
    printed = apply(EXAMPLE)

    scope, role = Scope.objects.get(), Role.objects.get()
    assert (scope.name, scope.description, scope.needs_role) == ("orders.read", "See orders.", True)
    assert (role.name, role.scopes) == ("Order clerks", {"orders.read"})
    assert roles_of("example-user") == {"Order clerks"}
    assert "scope orders.read: created" in printed
    assert "role Order clerks: created" in printed
    assert apply(EXAMPLE) == "Nothing to change.\n"


def test_what_changes_is_said_and_written_down(apply: Apply):
    apply(EXAMPLE)
    text = EXAMPLE.replace("scopes: [orders.read]\nu", "scopes: [orders.read, orders.write]\nu")
    text = text.replace("needs_role: true", "needs_role: false").replace("[Order clerks]", "[]")

    printed = apply(text)

    assert 'role Order clerks: scopes ["orders.read"] -> ["orders.read", "orders.write"]' in printed
    assert "scope orders.read: needs_role true -> false" in printed
    assert 'user example-user: roles ["Order clerks"] -> []' in printed
    assert {"role.created", "scope.created", "role.updated", "scope.updated"} <= set(
        AuditEvent.objects.values_list("action", flat=True)
    )
    event = AuditEvent.objects.get(action="user.updated")
    assert (event.before, event.after) == ({"roles": ["Order clerks"]}, {"roles": []})


def test_a_dry_run_writes_nothing(apply: Apply):
    printed = apply(EXAMPLE, dry_run=True)

    assert "role Order clerks: created" in printed
    assert not Role.objects.exists()
    assert not Scope.objects.exists()


def test_a_list_is_the_whole_of_somebody_s_roles_and_no_list_leaves_them(apply: Apply):
    apply("roles: [{name: A}, {name: B}]\nusers: [{username: ann, roles: [A]}]")

    apply("users: [{username: ann, roles: [B]}]")
    assert roles_of("ann") == {"B"}
    apply("users: [{username: ann, given_name: Ann}]")
    assert roles_of("ann") == {"B"}
    apply("users: [{username: ann, roles: []}]")
    assert roles_of("ann") == set()


def test_a_new_name_is_another_role_without_members(apply: Apply):
    apply(CLERKS + "users: [{username: ann, roles: [Order clerks]}]")

    apply("roles: [{name: Clerks, scopes: [orders.write]}]")

    assert roles_of("ann") == {"Order clerks"}
    assert not Role.objects.get(name="Clerks").members.exists()


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("roles: [{scopes: [a]}]", "1: roles[0].name: This field is required."),
        ("roles: [{name: ''}]", "1: roles[0].name: This field may not be blank."),
        ("roles: [{name: A, scopes: a}]",
         "1: roles[0].scopes: Enter a list, such as [first, second]."),
        ("roles: [{name: A, scopes: ['a b']}]",
         "1: roles[0].scopes: “a b” must be a word of printable ASCII without quotes or spaces."),
        ("roles: [{name: \"Adm\\u202ein\"}]",
         "1: roles[0].name: Remove the invisible characters: nobody could tell this name from "
         "another one."),
        ("roles: [{name: A}, {name: a}]",
         "1: roles[1].name: There is a role with this name already."),
        ("roles: [{name: A}, {name: A}]",
         "1: roles[1]: This role is in the file twice: see line 1."),
        ("roles: [{name: A, members: [ann]}]",
         "1: roles[0].members: There is no such key."),
        ("scopes: [{name: a b}]",
         "1: scopes[0].name: Enter a word of printable ASCII without quotes or spaces."),
        ("scopes: [{name: a, needs_role: 'yes'}]",
         "1: scopes[0].needs_role: Enter true or false, without quotes."),
        ("scopes: [{name: a, need_role: true}]",
         "1: scopes[0].need_role: There is no such key. Did you mean “needs_role”?"),
        ("roles: [{name: Clerks}]\nusers: [{username: ann, roles: [Clerk]}]",
         "2: users[0].roles[0]: There is no role “Clerk”. Did you mean “Clerks”?"),
        ("users: [{username: ann, roles: Clerks}]",
         "1: users[0].roles: Enter a list of names of roles."),
        ("users: [{username: ann, roles: [\"A\\0\"]}]",
         "1: users[0].roles[0]: There is no role “A\0”."),
        ("users: [{username: ann, roles: [[A]]}]",
         "1: users[0].roles: Enter a list of names of roles."),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_its_line_and_field(refused: Refused, text: str, problem: str):
    assert refused(text) == [problem]


def test_a_role_that_the_file_got_wrong_is_one_mistake(refused: Refused):
    text = "roles: [{name: A, scopes: ['a b']}]\nusers: [{username: ann, roles: [A]}]"

    (problem,) = refused(text)

    assert problem.startswith("1: roles[0].scopes")


def test_an_entry_of_a_role_gives_no_rights_but_its_scopes(refused: Refused):
    text = "roles: [{name: A, administrator: true, id: 1, members: [1]}]"

    assert len(refused(text)) == 3
    assert not Role.objects.exists()
