"""Access tokens verified as a careful API does it, with a library that did not sign them."""

from typing import Any

from joserfc import jwt
from joserfc.jwk import KeySet

from idp.demo.servers import Servers


def verified(token: str, jwks: dict[str, Any], servers: Servers, *, audience: str) -> jwt.Token:
    """Return the token, verified with the published keys as one for this audience (RFC 9068 4)."""
    decoded = jwt.decode(token, KeySet.import_key_set(jwks), algorithms=["RS256", "ES256"])
    rules = jwt.JWTClaimsRegistry(
        iss={"essential": True, "value": servers.agio},
        aud={"essential": True, "value": audience},
        exp={"essential": True},
        iat={"essential": True},
        sub={"essential": True},
        client_id={"essential": True},
        jti={"essential": True},
    )
    rules.validate(decoded.claims)
    return decoded
