"""Who may see the console: administrators, signed in, active at this very moment."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

type View = Callable[..., HttpResponse]


def administrators_only(view: View) -> View:
    """Show a view to administrators; send strangers to sign in, and tell everybody else why not."""

    @never_cache
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        user = request.user
        if not user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if not (user.is_administrator and user.is_usable):
            return render(request, "console/administrators_only.html", status=403)
        return view(request, *args, **kwargs)

    return guarded
