"""
Disabled means disabled on every path: each state against each path, as one table.

ST-10, ST-28, IT-19, IT-20, IR-06, AT-096, AT-098.
"""

import jwt
import pytest
from django.utils import timezone

from accounts.models import FederatedLink
from idp.audit import COMMAND_LINE
from idp.tokens import signing
from tests.fixtures import change

# What each path answers once something has changed. `-` is 401: the application is nobody any more.
# Revocation is about ending tokens: it succeeds as long as the application can authenticate.
# fmt: off
PATHS = ("exchange", "refresh", "jwt", "opaque", "refresh token", "revoke")
TABLE = {
    "nothing":                ("local",   "ok",      "active",   "active",   "active",   "ok"),
    "user disabled":          ("refused", "refused", "inactive", "inactive", "inactive", "ok"),
    "user locked":            ("refused", "refused", "inactive", "inactive", "inactive", "ok"),
    "user deleted":           ("refused", "refused", "inactive", "inactive", "inactive", "ok"),
    "link paused":            ("refused", "refused", "inactive", "inactive", "inactive", "ok"),
    "link past its day":      ("refused", "refused", "inactive", "inactive", "inactive", "ok"),
    "link for others only":   ("refused", "refused", "inactive", "inactive", "inactive", "ok"),
    "link removed":           ("refused", "refused", "inactive", "inactive", "inactive", "ok"),
    "connection disabled":    ("refused", "refused", "inactive", "inactive", "inactive", "ok"),
    "connection deleted":     ("refused", "refused", "inactive", "inactive", "inactive", "ok"),
    "connection not allowed": ("refused", "refused", "inactive", "inactive", "inactive", "ok"),
    "application disabled":   ("-",       "-",       "-",        "-",        "-",        "-"),
    "application deleted":    ("-",       "-",       "-",        "-",        "-",        "-"),
    "exchange grant removed": ("refused", "refused", "inactive", "inactive", "inactive", "ok"),
    "refresh grant removed":  ("local",   "refused", "active",   "active",   "inactive", "ok"),
    "local accounts off":     ("outside", "refused", "active",   "active",   "inactive", "ok"),
    "signing key withdrawn":  ("local",   "ok",      "inactive", "active",   "active",   "ok"),
}
# fmt: on
CASES = [
    pytest.param(state, path, answer, id=f"{state}, {path}")
    for state, answers in TABLE.items()
    for path, answer in zip(PATHS, answers, strict=True)
]


@pytest.fixture
def happen(connection, every_grant, alice):
    """Return a function that lets a state come about."""
    grants = every_grant.grant_types

    def without(ending):
        return frozenset(grant for grant in grants if not grant.endswith(ending))

    events = {
        "nothing": lambda: None,
        "user disabled": lambda: change(alice, is_active=False),
        "user locked": lambda: change(alice, locked_at=timezone.now()),
        "user deleted": alice.delete,
        "link paused": lambda: FederatedLink.objects.update(paused_at=timezone.now()),
        "link past its day": lambda: FederatedLink.objects.update(expires_at=timezone.now()),
        "link for others only": lambda: FederatedLink.objects.update(is_limited=True),
        "link removed": FederatedLink.objects.all().delete,
        "connection disabled": lambda: change(connection, enabled=False),
        # Its links' owners removed them first: otherwise it stays.
        "connection deleted": lambda: (alice.links.all().delete(), connection.delete()),
        "connection not allowed": lambda: change(every_grant, connection_choice="selected"),
        "application disabled": lambda: change(every_grant, enabled=False),
        "application deleted": every_grant.delete,
        "exchange grant removed": lambda: change(every_grant, grant_types=without("exchange")),
        "refresh grant removed": lambda: change(every_grant, grant_types=without("refresh_token")),
        "local accounts off": lambda: change(
            every_grant, mandate_local=False, prioritize_local=False
        ),
        "signing key withdrawn": lambda: signing.withdraw(
            signing.current_key("ES256").kid, actor=COMMAND_LINE
        ),
    }
    return lambda state: events[state]()


@pytest.fixture
def tokens(exchange, every_grant, alice):
    """Return a JWT, an opaque token and a refresh token of the linked account."""
    change(every_grant, prioritize_local=True, mandate_local=True)
    answer = exchange().json()
    change(every_grant, access_token_format="opaque")
    opaque = exchange().json()["access_token"]
    change(every_grant, access_token_format="jwt")
    return {
        "jwt": answer["access_token"],
        "opaque": opaque,
        "refresh token": answer["refresh_token"],
    }


def whose(response) -> str:
    """Say whom the token in an answer is for: an account, somebody outside, or nobody."""
    token = response.json().get("access_token")
    if token is None:
        return ""
    claims = jwt.decode(token, options={"verify_signature": False})
    return "outside" if "sub_id" in claims else "local"


def answer_of(response, *, granted: str) -> str:
    """Return a word for an answer."""
    words = {200: granted, 400: "refused", 401: "-"}
    return words[response.status_code]


@pytest.mark.parametrize(("state", "path", "answer"), CASES)
def test_after(state, path, answer, happen, tokens, exchange, refresh, revoke, post):
    happen(state)

    if path == "exchange":
        response = exchange()
        found = answer_of(response, granted=whose(response))
    elif path == "refresh":
        found = answer_of(refresh(tokens["refresh token"]), granted="ok")
    elif path == "revoke":
        found = answer_of(revoke(tokens["jwt"]), granted="ok")
    else:
        response = post("/oauth2/introspect", {"token": tokens[path]})
        active = response.status_code == 200 and response.json()["active"]
        found = answer_of(response, granted="active" if active else "inactive")
    assert found == answer
