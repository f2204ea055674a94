"""Whether somebody has to prove again who they are first (OpenID Connect Core 3.1.2.1)."""

import time

from django.http import HttpRequest

from idp.account.reauthentication import PROVED_AT
from idp.authorization.request import AuthorizationRequest

JUST_NOW = 60  # seconds: a proof asked for by `prompt=login`, and given on the way here


def proof_is_wanted(request: HttpRequest, asked: AuthorizationRequest) -> bool:
    """Say whether the proof that somebody gave is too old for this application."""
    age = time.time() - request.session.get(PROVED_AT, 0)
    limits = [] if asked.maximum_age is None else [asked.maximum_age]
    if asked.prompts & {"login", "select_account"}:  # there is one account in a session
        limits.append(JUST_NOW)
    # max_age=0 is prompt=login by another name.
    return any(not 0 <= age <= (limit or JUST_NOW) for limit in limits)
