"""Who may see pages of an account: its owner, signed in, active at this very moment."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache

type View = Callable[..., HttpResponse]


def signed_in_only(view: View) -> View:
    """
    Show a view to whoever is signed in; send others to sign in, and back.

    A disabled or locked account is signed in nowhere: see accounts.backends.
    """

    @never_cache
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated:
            return view(request, *args, **kwargs)
        # What was sent is not carried out later: people would not see what they agree to.
        back = request.get_full_path() if request.method == "GET" else request.path
        return redirect_to_login(back)

    guarded.is_for_owners = True  # type: ignore[attr-defined]  # a test looks for it
    return guarded
