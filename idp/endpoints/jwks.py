"""The public keys of this server (RFC 7517 5)."""

from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import conditional_page, require_GET

from idp.tokens.signing import published_keys

# How long a verifier may keep them: far shorter than a key is published before it signs.
MAXIMUM_AGE = 300  # seconds


@conditional_page
@require_GET
def jwks(request: HttpRequest) -> JsonResponse:
    """Publish the keys that sign, will sign, or signed a token still alive (KY-10)."""
    return JsonResponse({"keys": published_keys()}, headers=PUBLIC_HEADERS)


PUBLIC_HEADERS = {
    "Cache-Control": f"public, max-age={MAXIMUM_AGE}",
    "Access-Control-Allow-Origin": "*",
}
