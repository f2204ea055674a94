"""The introspection endpoint (RFC 7662)."""

from django.http import HttpResponse
from django.utils import timezone

from idp.call import Call
from idp.client import authenticate_confidential_client
from idp.endpoints.base import FormEndpoint, json_response
from idp.errors import InvalidRequest
from idp.tokens.introspection import introspect


class IntrospectionView(FormEndpoint):
    """Tell an API about a token; `token_type_hint` makes no difference (IR-05)."""

    def answer(self, call: Call) -> HttpResponse:
        """Answer with what the caller may know."""
        caller = authenticate_confidential_client(call)
        if not (token := call.form.get("token")):
            raise InvalidRequest("The parameter token is missing.")
        return json_response(introspect(token, caller, timezone.now()))
