"""The refresh token grant (RFC 6749 6)."""

from typing import Any

from applications import grant_types
from idp.call import Call
from idp.client import authenticate_client, check_grant_type
from idp.tokens import refresh
from idp.unsupported import refuse_unsupported


def refresh_token(call: Call) -> dict[str, Any]:
    """
    Answer a refresh request.

    :raises OAuthError: where it is refused
    """
    application = authenticate_client(call)
    check_grant_type(application, grant_types.REFRESH_TOKEN)
    refuse_unsupported(call)
    return refresh.refresh(call.form, application)
