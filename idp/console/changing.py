"""The one way in which a click in the console changes something."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from django.http import HttpRequest

from accounts.administrators import hold_administrators
from idp.writing import turn_to_write


class NoLongerAdministrator(Exception):
    """Whoever clicked has lost the right to meanwhile: nothing was changed."""


@contextmanager
def changing(request: HttpRequest) -> Iterator[None]:
    """
    Hold the turn to write, in a transaction, for somebody who is an administrator to its end.

    Rights are read again under the lock: whoever is demoted or disabled while their click waits
    for others must not carry it out. `administrators_only` answers where that is so.

    :raises NoLongerAdministrator: where they are none any more
    """
    with turn_to_write(), transaction.atomic():
        if request.user.pk not in hold_administrators():
            raise NoLongerAdministrator
        yield
