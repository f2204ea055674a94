"""
What was typed survives a session that ended in the middle.

Whoever sends a form without a session is shown the way back: sign in, then send it again. What was
sent travels along, signed and bound to its page, and waits in the new session for a click. No
form is ever carried out by signing in alone: a stranger could have started it (login CSRF).
"""

from django.contrib.auth.forms import AuthenticationForm
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode

from idp.console.editing import sent_pairs

SESSION_KEY = "resend"
FIELD = "kept"
MAXIMUM_AGE = 3600  # seconds
MAXIMUM_SIZE = 200_000  # characters: a few certificates
SECRET_FIELDS = ("password", "secret", "pasted_token")
_SALT = "idp.console.resend"


def signed_out_page(request: HttpRequest) -> HttpResponse:
    """Say that the session has ended, and lead on to signing in with what was typed."""
    path = request.get_full_path()
    context = {
        "form": AuthenticationForm(request),
        "kept": _keep(request),
        "sign_in": f"{reverse('sign-in')}?{urlencode({'next': path})}",
    }
    return render(request, "console/signed_out.html", context, status=401)


def remember(request: HttpRequest) -> None:
    """Take what was kept into the session of whoever signed in just now."""
    try:
        kept = signing.loads(request.POST.get(FIELD, ""), salt=_SALT, max_age=MAXIMUM_AGE)
    except signing.BadSignature:
        return
    request.session[SESSION_KEY] = kept


def kept_page(request: HttpRequest) -> HttpResponse | None:
    """Offer to send again what waits for the page at hand; None where nothing does."""
    kept = request.session.get(SESSION_KEY)
    if kept is None:
        return None
    is_here = kept["path"] == request.get_full_path()
    if request.method == "POST" or is_here:  # whoever goes on working has decided
        del request.session[SESSION_KEY]
    if request.method != "GET" or not is_here:
        return None
    return render(request, "console/send_again.html", {"sent": kept["pairs"]})


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """
    Answer a form whose token against forgery is not good: old page, or forged.

    Only where the browser itself says that our own page sent it may it be sent again (Fetch
    Metadata); a form from elsewhere is refused, and nothing of it is shown.
    """
    is_ours = request.headers.get("Sec-Fetch-Site") == "same-origin"
    if is_ours and _may_use_console(request) and request.path.startswith("/console/"):
        return render(request, "console/send_again.html", {"sent": sent_pairs(request)}, status=403)
    return render(request, "forged.html", {"reason": reason}, status=403)


def _may_use_console(request: HttpRequest) -> bool:
    user = request.user
    return user.is_authenticated and user.is_administrator and user.is_usable


def _keep(request: HttpRequest) -> str:
    pairs = [p for p in sent_pairs(request) if not any(word in p[0] for word in SECRET_FIELDS)]
    kept = {"path": request.get_full_path(), "pairs": pairs}
    text = signing.dumps(kept, salt=_SALT, compress=True)
    return text if len(text) <= MAXIMUM_SIZE else ""
