"""The token endpoint (RFC 6749 3.2): the toolkit's, with our backend and server."""

from django.http import HttpResponse
from oauth2_provider.views.mixins import OAuthLibMixin

from idp.call import Call
from idp.endpoints.base import FormEndpoint
from idp.server import Backend, Server


class TokenView(OAuthLibMixin, FormEndpoint):
    """
    Issue tokens.

    Not the toolkit's own view: that one looks every issued token up again after a 200, and reads
    the form in its own way.
    """

    server_class = Server
    oauthlib_backend_class = Backend

    def answer(self, call: Call) -> HttpResponse:
        """Let the toolkit's server pick the grant."""
        request = self.request
        request.oauth_call = call  # type: ignore[attr-defined]
        _uri, headers, body, status = self.create_token_response(request)
        return HttpResponse(body, status=status, headers=headers)
