"""
To the issuer and back: the authorization request and its response.

PKCE S256 (RFC 7636), `state` for this session alone, `nonce` for the ID token, and a redirect URI
for each connection: an answer of one issuer cannot be taken for another's (RFC 9207, AT-123).
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from secrets import token_urlsafe
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from django.conf import settings
from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext_lazy as _

from connections import base64url
from connections.excerpt import excerpt
from connections.models import Connection
from connections.sign_in import OPENID
from idp.account.linking import session
from idp.account.linking.refusal import ADMINISTRATOR, LinkingRefused

LONGEST_CODE = 4096


@dataclass(frozen=True, slots=True)
class Begun:
    """What we know of a sign-in that we sent somebody to, when they come back."""

    nonce: str
    verifier: str


def redirect_uri(connection: Connection) -> str:
    """Return where the issuer sends people back to; an administrator registers it there."""
    return settings.ISSUER + reverse("link-callback", args=[connection.pk])


def begin(request: HttpRequest, connection: Connection) -> str:
    """Return the address at the issuer to go to (OpenID Connect Core 3.1.2.1)."""
    nonce, verifier = token_urlsafe(32), token_urlsafe(48)
    about = {"nonce": nonce, "verifier": verifier, "client": _client(connection)}
    parameters = {
        "response_type": "code",
        "client_id": connection.client_id,
        "redirect_uri": redirect_uri(connection),
        "scope": " ".join([OPENID, *sorted(connection.sign_in_scopes - {OPENID})]),
        "state": session.put(request, session.SIGN_INS, about),
        "nonce": nonce,
        "code_challenge": base64url.encode(hashlib.sha256(verifier.encode()).digest()),
        "code_challenge_method": "S256",
    }
    parts = urlsplit(connection.authorization_endpoint)
    query = urlencode([*parse_qsl(parts.query, keep_blank_values=True), *parameters.items()])
    return urlunsplit(parts._replace(query=query))


def finish(request: HttpRequest, connection: Connection) -> tuple[str, Begun]:
    """
    Return the code that the issuer sent, and what it has to fit.

    :raises LinkingRefused: also for what was begun elsewhere, or with another issuer
    """
    answer = _single(request.GET)
    begun = session.take(request, session.SIGN_INS, answer.get("state", ""))
    if begun is None:
        raise LinkingRefused(
            _("This sign-in was not begun here, was finished already, or took too long.")
        )
    _check_issuer(answer, begun, connection)
    if "error" in answer:
        raise _error(answer["error"])
    code = answer.get("code", "")
    if not 0 < len(code) <= LONGEST_CODE:
        raise LinkingRefused(_("The answer of the organisation is incomplete."), ADMINISTRATOR)
    return code, Begun(begun["nonce"], begun["verifier"])


def _single(query: QueryDict) -> Mapping[str, str]:
    """Refuse repeated parameters: which of them is meant, nobody knows (RFC 6749 3.1)."""
    if any(len(values) > 1 for _name, values in query.lists()):
        raise LinkingRefused(_("The answer of the organisation is ambiguous."), ADMINISTRATOR)
    return query.dict()


def _check_issuer(
    answer: Mapping[str, str], begun: Mapping[str, Any], connection: Connection
) -> None:
    """Refuse what comes from anybody but the issuer that was asked (RFC 9207 2.4)."""
    is_same = constant_time_compare(begun["client"], _client(connection))
    is_named = "iss" in answer or not connection.answers_with_issuer
    if not is_same or not is_named or answer.get("iss", connection.issuer) != connection.issuer:
        why = _("The answer is not from the organisation that you were sent to.")
        raise LinkingRefused(why, ADMINISTRATOR, detail=excerpt(answer.get("iss", "")))


def _client(connection: Connection) -> str:
    """Return what stands for the client that was asked with: as it was, to the letter."""
    facts = (
        *(str(connection.pk), connection.issuer, connection.client_id),
        *(connection.authorization_endpoint, connection.token_endpoint),
    )
    return hashlib.sha256("\0".join(facts).encode()).hexdigest()


def _error(error: str) -> LinkingRefused:
    if error == "access_denied":
        return LinkingRefused(_("You did not sign in there, so nothing was linked."))
    why = _("The organisation did not let you sign in.")
    return LinkingRefused(why, ADMINISTRATOR, detail=excerpt(error))
