"""Administrators who can act: there is always one, whoever changes what at the same moment."""

from django.db.models import QuerySet

from accounts.models import User


def usable_administrators() -> QuerySet[User]:
    """Return the administrators who are neither disabled nor locked."""
    return User.objects.filter(is_administrator=True, is_active=True, locked_at=None)


def hold_administrators() -> set[int]:
    """
    Lock the usable administrators until the transaction ends, and return their keys.

    Call it before an account is locked whose rights may change: two changes at the same moment
    then wait for each other in the same order, and the second one sees what the first one left.
    Tokens for their accounts wait for nothing.
    """
    held = usable_administrators().select_for_update(no_key=True).order_by("pk")
    return set(held.values_list("pk", flat=True))
