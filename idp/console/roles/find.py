"""The row behind a page about a role."""

from collections.abc import Callable

from django.shortcuts import get_object_or_404

from accounts.models import Role


def finder(pk: int) -> Callable[..., Role]:
    """Return what finds the role, locked where it is asked for `lock`; else a 404."""

    def find(*, lock: bool = False) -> Role:
        rows = Role.objects.select_for_update(no_key=True) if lock else Role.objects.all()
        return get_object_or_404(rows, pk=pk)

    return find
