"""Addresses that buttons send to: they change something, and are no pages to look at."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

type View = Callable[..., HttpResponse]


def button_of(page: str) -> Callable[[View], View]:
    """Lead whoever opens the address, after a problem was shown there, back to its page."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method == "POST":
                return view(request, *args, **kwargs)
            keys = {"public_id": kwargs["public_id"]} if "public_id" in kwargs else {}
            return redirect(page, **keys)

        return guarded

    return decorate
