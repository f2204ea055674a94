"""People and their links: what a file may do to them, and what only they may."""

import re

import pytest
from django.contrib.auth import authenticate

from accounts.models import FederatedLink, RemovedLink, User
from connections.models import Connection
from tests.configuration.conftest import EXAMPLE, Apply, Refused

PASSWORD = "correct horse battery"
SHOWN = re.compile(r"^password of (\S+), shown once: (\S+)$", re.MULTILINE)


def test_without_a_password_nobody_signs_in(apply: Apply):
    apply()

    assert not User.objects.get().has_usable_password()


def test_a_password_of_the_environment_is_good(apply: Apply, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("ANN_PASSWORD", PASSWORD)

    printed = apply("users: [{username: ann, password: '${ANN_PASSWORD}'}]")

    assert User.objects.get().check_password(PASSWORD)
    assert PASSWORD not in printed


def test_a_password_is_the_first_one_and_replaces_none(apply: Apply):
    apply(f"users: [{{username: ann, password: {PASSWORD}}}]")

    assert apply("users: [{username: ann, password: another good one}]") == "Nothing to change.\n"
    assert User.objects.get().check_password(PASSWORD)


def test_a_weak_password_is_refused(refused: Refused):
    (problem,) = refused("users: [{username: ann, password: password}]")

    assert problem == "1: users[0].password: This password is too common."


def test_a_new_administrator_gets_a_password_that_is_shown_once(apply: Apply):
    text = "users: [{username: root, administrator: true}]"

    ((name, password),) = SHOWN.findall(apply(text))

    assert name == "root"
    assert authenticate(username="root", password=password).is_administrator
    assert apply(text) == "Nothing to change.\n"


def test_somebody_who_becomes_administrator_gets_a_password(apply: Apply):
    apply("users: [{username: ann}]")

    ((_, password),) = SHOWN.findall(apply("users: [{username: ann, administrator: true}]"))

    assert User.objects.get().check_password(password)


@pytest.mark.parametrize(
    ("column", "old", "new"),
    [("email", "a@ours.example", "b@ours.example"), ("mobile", "+4930123456", "+4930123457")],
)
def test_a_new_address_is_not_verified_by_the_old_one(
    apply: Apply, column: str, old: str, new: str
):
    apply(f"users: [{{username: ann, {column}: '{old}', {column}_verified: true}}]")

    apply(f"users: [{{username: ann, {column}: '{new}'}}]")

    assert getattr(User.objects.get(), f"{column}_verified") is False


def test_a_number_in_another_spelling_is_no_change(apply: Apply):
    apply("users: [{username: ann, mobile: '+49 30 123456', mobile_verified: true}]")

    printed = apply("users: [{username: ann, mobile: '+49 30 123456', mobile_verified: true}]")

    assert printed == "Nothing to change.\n"


def test_a_link_never_moves(apply: Apply, refused: Refused):
    apply()

    problems = refused(
        "users: [{username: other, links: [{connection: Acme Workforce, subject: '248289761001'}]}]"
    )

    assert problems == [
        "1: users[0].links[0].subject: "
        "This identity is linked to “example-user”. A link never moves."
    ]
    assert FederatedLink.objects.get().user.username == "example-user"


def test_a_link_that_is_not_listed_stays(apply: Apply):
    apply()

    assert apply("users: [{username: example-user, links: []}]") == "Nothing to change.\n"
    assert FederatedLink.objects.exists()


def test_a_link_that_its_owner_removed_is_not_made_again(apply: Apply):
    apply()
    FederatedLink.objects.all().delete()
    RemovedLink.objects.create(
        user=User.objects.get(), connection=Connection.objects.get(), subject="248289761001"
    )

    printed = apply()

    assert "the owner removed it, and only they can make it again" in printed
    assert not FederatedLink.objects.exists()


def test_two_entries_cannot_have_the_same_link(refused: Refused):
    link = "[{connection: Acme Workforce, subject: '1'}]"
    head = EXAMPLE.partition("applications:")[0]

    people = [f"  - {{username: {name}, links: {link}}}" for name in ("ann", "bob")]
    problems = refused("\n".join([f"{head}users:", *people]))

    assert problems == [
        "12: users[1].links[0].subject: This identity is linked to “ann”. A link never moves."
    ]


def test_the_last_administrator_stays(refused: Refused):
    User.objects.create_superuser("root", PASSWORD)

    for change, key in (("active: false", "active"), ("administrator: false", "administrator")):
        (problem,) = refused(f"users: [{{username: root, {change}}}]")
        assert problem == (
            f"1: users[0].{key}: Make somebody else an administrator first: this is the last one."
        )
    assert User.objects.get().is_administrator


def test_a_file_hands_over_from_one_administrator_to_another(apply: Apply):
    User.objects.create_superuser("root", PASSWORD)

    apply("users: [{username: ann, administrator: true}, {username: root, administrator: false}]")

    assert [u.username for u in User.objects.filter(is_administrator=True)] == ["ann"]
