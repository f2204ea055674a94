"""The person a page is about."""

import uuid

from django.shortcuts import get_object_or_404

from accounts.administrators import hold_administrators
from accounts.models import User


def find_user(public_id: uuid.UUID, *, lock: bool = False) -> User:
    """
    Return somebody, locked where the account is to be changed.

    :raises Http404: where there is nobody
    """
    if not lock:
        return get_object_or_404(User, public_id=public_id)
    hold_administrators()
    return get_object_or_404(User.objects.select_for_update(), public_id=public_id)
