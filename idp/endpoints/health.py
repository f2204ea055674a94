"""Whether the process lives, and whether it can do its work."""

import logging

from django.db import Error as AnyDatabaseError
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from idp.tokens import signing
from idp.tokens.vault import WrongSecretKey

logger = logging.getLogger(__name__)
HEADERS = {"Cache-Control": "no-store", "Content-Type": "text/plain; charset=utf-8"}


@require_GET
def healthz(request: HttpRequest) -> HttpResponse:
    """Say that the process answers."""
    return HttpResponse("ok\n", headers=HEADERS)


@require_GET
def readyz(request: HttpRequest) -> HttpResponse:
    """Say whether the database answers and a signing key can be used."""
    try:
        signing.forget_cached_keys()
        for algorithm in signing.DEFAULT_ALGORITHMS:
            signing.sign({}, algorithm=algorithm, typ="readiness")
    except (AnyDatabaseError, WrongSecretKey) as problem:
        logger.error("Not ready: %s", problem)
        return HttpResponse("not ready: see the log\n", status=503, headers=HEADERS)
    return HttpResponse("ready\n", headers=HEADERS)
