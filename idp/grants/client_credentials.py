"""The client credentials grant (RFC 6749 4.4): a token for the application itself."""

import time
from typing import Any

from applications import grant_types
from idp.call import Call
from idp.client import authenticate_client, check_grant_type
from idp.exchange.request import parse_scope
from idp.exchange.targets import audience_of, narrow_targets
from idp.tokens.claims import access_token_claims
from idp.tokens.issue import Grounds, keep, make_access_token
from idp.tokens.scopes import narrow_scopes
from idp.unsupported import refuse_unsupported
from idp.writing import turn_to_write


def client_credentials(call: Call) -> dict[str, Any]:
    """
    Answer a client credentials request.

    :raises OAuthError: where it is refused
    """
    application = authenticate_client(call)
    check_grant_type(application, grant_types.CLIENT_CREDENTIALS)
    refuse_unsupported(call)
    asked = parse_scope(call.form.get("scope"))
    scopes = narrow_scopes(asked, application, None)  # nobody is there who could have a role
    targets = narrow_targets(call.form.all("audience") + call.form.all("resource"), application)
    claims = access_token_claims(
        {"sub": application.client_id},
        application,
        audience=audience_of(targets, application),
        scopes=scopes,
        now=time.time(),
        lifetime=application.access_token_lifetime,
    )
    token = make_access_token(claims, application)
    with turn_to_write():
        keep(token, Grounds(application))
    return {
        "access_token": token.text,
        "token_type": "Bearer",
        "expires_in": application.access_token_lifetime,
    } | ({"scope": claims["scope"]} if scopes else {})
