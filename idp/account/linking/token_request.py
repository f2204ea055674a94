"""The code for an ID token, at the token endpoint of the issuer that gave it (RFC 6749 4.1.3)."""

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from connections import jwks
from connections.excerpt import excerpt
from connections.fetch import FetchFailed, post_form
from connections.models import Connection
from connections.sign_in import AuthMethod
from connections.strict_json import NotStrict, parse_object
from connections.vault import WrongSecretKey
from idp.account.linking.authorization import Begun, redirect_uri
from idp.account.linking.refusal import ADMINISTRATOR, LinkingRefused

PATIENCE = 1  # seconds to wait for a thread that may be spared


def redeem(connection: Connection, code: str, begun: Begun) -> str:
    """
    Return the ID token for a code; nothing else of the answer is kept.

    :raises LinkingRefused: where there is none
    """
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": redirect_uri(connection),
        "code_verifier": begun.verifier,
    }
    try:
        answer = parse_object(_send(connection, form))
    except (FetchFailed, NotStrict, WrongSecretKey) as problem:
        raise _unreachable(str(problem)) from problem
    if "error" in answer:
        why = _("The organisation did not confirm that you signed in.")
        raise LinkingRefused(why, ADMINISTRATOR, detail=excerpt(answer["error"]))
    id_token = answer.get("id_token")
    if not isinstance(id_token, str):
        raise _unreachable("The answer has no id_token.")
    return id_token


def _send(connection: Connection, form: dict[str, str]) -> bytes:
    basic = None
    if connection.token_endpoint_auth_method == AuthMethod.POST:
        form |= {"client_id": connection.client_id, "client_secret": connection.client_secret}
    else:
        basic = (connection.client_id, connection.client_secret)
    # Slow issuers never occupy all threads: see connections.jwks.
    if not jwks.fetchers.acquire(timeout=PATIENCE):
        raise FetchFailed("Too many requests wait for issuers already.")
    try:
        local = settings.ALLOW_LOCAL_ISSUERS
        return post_form(connection.token_endpoint, form, basic=basic, allow_local=local)
    finally:
        jwks.fetchers.release()


def _unreachable(detail: str) -> LinkingRefused:
    why = _("The organisation cannot be asked at the moment whether you signed in.")
    return LinkingRefused(why, ADMINISTRATOR, status=424, detail=detail)
