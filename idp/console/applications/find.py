"""The row behind a page about an application."""

from collections.abc import Callable

from django.shortcuts import get_object_or_404

from applications.models import Application


def finder(pk: int) -> Callable[..., Application]:
    """Return what finds the application, locked where it is asked for `lock`; else a 404."""

    def find(*, lock: bool = False) -> Application:
        rows = Application.objects.select_for_update() if lock else Application.objects.all()
        return get_object_or_404(rows, pk=pk)

    return find
