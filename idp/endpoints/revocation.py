"""The revocation endpoint (RFC 7009)."""

from django.http import HttpResponse
from django.utils import timezone

from idp.call import Call
from idp.client import authenticate_client
from idp.endpoints.base import FormEndpoint
from idp.errors import InvalidRequest
from idp.server import HEADERS
from idp.tokens.revocation import revoke


class RevocationView(FormEndpoint):
    """End a token; an unknown one is a success too."""

    def answer(self, call: Call) -> HttpResponse:
        """Answer 200 with nothing in it, whatever the token was."""
        caller = authenticate_client(call)
        if not (token := call.form.get("token")):
            raise InvalidRequest("The parameter token is missing.")
        revoke(token, caller, timezone.now())
        return HttpResponse(status=200, headers=HEADERS)
