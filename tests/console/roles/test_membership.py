"""Who has a role: given and taken away on two pages, told once in the audit log."""

import uuid

import pytest
from django.db import IntegrityError
from django.test import Client

from accounts.models import Role, User
from idp.console.roles import membership
from idp.models import AuditEvent

LIST = "/console/roles/"


@pytest.fixture
def members(clerks):
    return f"{LIST}{clerks.pk}/members/"


@pytest.fixture
def roles(alice):
    return f"/console/users/{alice.public_id}/roles/"


def text(response) -> str:
    return " ".join(response.content.decode().split())


def names(role: Role) -> set[str]:
    return set(role.members.values_list("username", flat=True))


@pytest.mark.parametrize("typed", ["alice", "ALICE", " alice "])
def test_a_role_is_given_by_username(console, members, clerks, alice, typed):
    assert "Nobody has this role" in text(console.get(members))

    response = console.post(members, {"username": typed})

    assert response["Location"] == members
    assert names(clerks) == {"alice"}
    event = AuditEvent.objects.get()
    assert (event.action, event.target_id) == ("user.updated", str(alice.public_id))
    assert (event.before, event.after) == ({"roles": []}, {"roles": ["Order clerks"]})
    page = text(console.get(members))
    assert "alice has the role “Order clerks” now." in page


def test_a_role_is_taken_away(console, members, clerks, alice, bob):
    clerks.members.add(alice, bob)

    console.post(members, {"remove": str(alice.public_id)})

    assert names(clerks) == {"bob"}
    event = AuditEvent.objects.get()
    assert (event.before, event.after) == ({"roles": ["Order clerks"]}, {"roles": []})


@pytest.mark.parametrize(
    ("typed", "message"),
    [("", "Enter a username."), ("nobody", "Nobody has this username."), ("al\0", "Nobody has")],
)
def test_a_name_that_nobody_has_is_said_and_stays(console, members, clerks, alice, typed, message):
    response = console.post(members, {"username": typed})

    assert response.status_code == 422
    assert message in text(response)
    assert f'value="{typed.replace(chr(0), "")}"' in text(response)
    assert not names(clerks)


def test_a_person_has_a_role_once(console, members, clerks, alice):
    console.post(members, {"username": "alice"})
    console.post(members, {"username": "alice"})

    assert names(clerks) == {"alice"}
    assert AuditEvent.objects.count() == 1
    assert "alice has the role already." in text(console.get(members))


@pytest.mark.parametrize("sent", ["", "x", str(uuid.UUID(int=5)), "'; DROP TABLE"])
def test_taking_it_from_whom_there_is_not_takes_nothing(console, members, clerks, alice, sent):
    clerks.members.add(alice)

    assert console.post(members, {"remove": sent}).status_code in {404, 422}
    assert names(clerks) == {"alice"}


def test_roles_are_given_and_taken_on_the_persons_page(console, roles, clerks, alice):
    page = text(console.get(roles))
    assert "No roles" in page
    assert '<option value="Order clerks">' in page

    assert console.post(roles, {"role": " Order clerks "})["Location"] == roles
    assert names(clerks) == {"alice"}
    page = text(console.get(roles))
    assert "orders.write" in page
    assert '<option value="Order clerks">' not in page

    console.post(roles, {"remove": clerks.pk})
    assert not names(clerks)
    assert AuditEvent.objects.count() == 2


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("", "Enter the name of a role."),
        ("Order clerk", "There is no such role. Did you mean “Order clerks”?"),
        ("order clerks", "There is no such role."),
        ("orders.write", "There is no such role."),
    ],
)
def test_a_role_that_is_not_there_is_said_and_stays(console, roles, clerks, typed, message):
    response = console.post(roles, {"role": typed})

    assert response.status_code == 422
    assert message in text(response)
    assert not names(clerks)


@pytest.mark.parametrize("sent", ["0", "4711", "9" * 40, "-1", "²", "x"])
def test_taking_a_role_that_is_not_there_takes_nothing(console, roles, clerks, alice, sent):
    clerks.members.add(alice)

    assert console.post(roles, {"remove": sent}).status_code in {404, 422}
    assert names(clerks) == {"alice"}


def test_without_any_role_the_person_s_page_leads_to_the_first(console, roles):
    page = text(console.get(roles))

    assert "There are no roles yet" in page
    assert 'href="/console/roles/new/"' in page


def test_nobody_gives_themselves_a_role_but_an_administrator(client, members, roles, clerks, alice):
    client.force_login(alice)

    assert client.post(roles, {"role": "Order clerks"}).status_code == 403
    assert client.post(members, {"username": "alice"}).status_code == 403
    assert not names(clerks)


def test_no_other_form_gives_a_role(console, clerks, alice):  # AL-08, AT-132
    path = f"/console/users/{alice.public_id}/"
    form = console.get(path).context["form"]

    sent = {name: value for name, value in form.initial.items() if value}
    more = {"roles": "Order clerks", "role": clerks.pk, "is_administrator": "on"}
    assert console.post(path, {"version": form.version, **sent, **more}).status_code == 302

    alice.refresh_from_db()
    assert not alice.roles.exists()
    assert not alice.is_administrator


def test_a_forged_form_gives_no_role(members, administrator, clerks, alice):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(administrator)

    assert browser.post(members, {"username": "alice"}).status_code == 403
    assert not names(clerks)


def test_members_come_in_pages(console, members, clerks):
    people = [User.objects.create_user(f"person{number:03}") for number in range(60)]
    clerks.members.add(*people)

    first = console.get(members)
    assert len(first.context["page"].rows) == 50
    following = console.get(members, {"after": first.context["page"].older})
    assert [u.username for u in following.context["page"].rows] == [p.username for p in people[50:]]


def test_a_role_that_is_deleted_at_the_same_moment_is_given_to_nobody(
    console, members, clerks, alice, monkeypatch
):
    def gone(*_args, **_more):  # as PostgreSQL says at the end of the transaction
        raise IntegrityError("a key is not present in accounts_role")

    monkeypatch.setattr(membership.audit, "record_changes", gone)

    page = console.post(members, {"username": "alice"}, follow=True)

    assert "Nothing was changed: “Order clerks” is gone." in text(page)
    assert not names(clerks)


def test_two_at_the_same_time_both_count(console, members, administrator, clerks, alice, bob):
    other = Client()
    other.force_login(administrator)
    console.get(members), other.get(members)

    console.post(members, {"username": "alice"})
    other.post(members, {"username": "bob"})

    assert names(clerks) == {"alice", "bob"}
