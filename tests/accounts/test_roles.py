"""What a role may be called, and what it holds."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts.models import Role


def make(**fields) -> Role:
    role = Role(**{"name": "Order clerks"} | fields)
    role.full_clean()
    role.save()
    return role


@pytest.mark.django_db
def test_a_role_knows_its_scopes_and_members(alice):
    role = make(scopes=frozenset({"orders.write", "orders.read"}))
    role.members.add(alice)

    assert Role.objects.get(pk=role.pk).scopes == {"orders.read", "orders.write"}
    assert list(alice.roles.all()) == [role]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "field"),
    [
        pytest.param({"name": ""}, "name", id="no-name"),
        pytest.param({"name": "x" * 81}, "name", id="long-name"),
        pytest.param({"name": "Clerks\u202e"}, "name", id="name-that-turns-around"),
        pytest.param({"name": "Cler\u200bks"}, "name", id="name-with-a-hidden-space"),
        pytest.param({"name": "Clerks\n"}, "name", id="name-with-a-line-end"),
        pytest.param({"scopes": frozenset({"two words"})}, "scopes", id="scope-of-two-words"),
        pytest.param({"description": "x" * 301}, "description", id="long-description"),
    ],
)
def test_a_role_has_no(fields, field):
    with pytest.raises(ValidationError) as refusal:
        make(**fields)

    assert field in refusal.value.error_dict


@pytest.mark.django_db
def test_two_roles_never_differ_by_case_alone():
    make()

    with pytest.raises(IntegrityError), transaction.atomic():
        Role.objects.create(name="ORDER CLERKS")


@pytest.mark.django_db
def test_a_deleted_account_leaves_the_role(alice):
    role = make()
    role.members.add(alice)

    alice.delete()

    assert not role.members.exists()
