"""What this server can do (RFC 8414, OpenID Connect Discovery): only what works."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import conditional_page, require_GET

from connections.algorithms import ALGORITHMS
from idp.addresses import absolute
from idp.authorization.request import PROMPTS
from idp.authorization.scopes import OIDC, claims_of
from idp.client import Method
from idp.endpoints.jwks import PUBLIC_HEADERS
from idp.server import GRANTS
from idp.tokens.signing import GENERATORS


@conditional_page
@require_GET
def authorization_server(request: HttpRequest) -> JsonResponse:
    """Publish the metadata; both well-known documents are the same (MD-02)."""
    return JsonResponse(metadata(), headers=PUBLIC_HEADERS)


def metadata() -> dict[str, Any]:
    """
    Return the metadata of this server.

    Addresses derive from the configured issuer, never from the Host of a request (TE-31).
    """
    confidential = [Method.BASIC.value, Method.POST.value, Method.PRIVATE_KEY_JWT.value]
    algorithms = list(ALGORITHMS)
    return {
        "issuer": settings.ISSUER,
        "authorization_endpoint": absolute("authorize"),
        "token_endpoint": absolute("token"),
        "userinfo_endpoint": absolute("userinfo"),
        "end_session_endpoint": absolute("logout"),
        "jwks_uri": absolute("jwks"),
        "introspection_endpoint": absolute("introspect"),
        "revocation_endpoint": absolute("revoke"),
        "grant_types_supported": list(GRANTS),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "code_challenge_methods_supported": ["S256"],
        "authorization_response_iss_parameter_supported": True,
        "scopes_supported": sorted(OIDC),
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": list(GENERATORS),
        "claims_supported": ["sub", *claims_of(OIDC)],
        "claims_parameter_supported": False,
        "request_parameter_supported": False,
        "request_uri_parameter_supported": False,
        "prompt_values_supported": sorted(PROMPTS),
        "token_endpoint_auth_methods_supported": [*confidential, Method.PUBLIC.value],
        "token_endpoint_auth_signing_alg_values_supported": algorithms,
        "introspection_endpoint_auth_methods_supported": confidential,
        "introspection_endpoint_auth_signing_alg_values_supported": algorithms,
        "revocation_endpoint_auth_methods_supported": [*confidential, Method.PUBLIC.value],
        "revocation_endpoint_auth_signing_alg_values_supported": algorithms,
        "access_token_signing_alg_values_supported": list(GENERATORS),
    }
