"""What is said of a sign-in (OpenID Connect Core 2); its typ keeps it from other uses."""

import hashlib
import time
from typing import Any

from django.conf import settings

from connections import base64url
from idp.models import AuthorizationCode
from idp.tokens import signing

TYP = "JWT"  # access tokens are at+jwt (RFC 9068)
LIFETIME = 300  # seconds
HASHES = {"RS256": hashlib.sha256, "ES256": hashlib.sha256, "EdDSA": hashlib.sha512}


def make(code: AuthorizationCode, access_token: str) -> str:
    """Return the ID token of a sign-in."""
    algorithm, now = code.application.signing_algorithm, int(time.time())
    claims: dict[str, Any] = {
        "iss": settings.ISSUER,
        "sub": str(code.user.public_id),
        "aud": code.application.client_id,
        "exp": now + LIFETIME,
        "iat": now,
        "at_hash": _half_hash(access_token, algorithm),
        **code.authentication,
    }
    if code.nonce:
        claims["nonce"] = code.nonce
    return signing.sign(claims, algorithm=algorithm, typ=TYP)[0]


def _half_hash(text: str, algorithm: str) -> str:
    """Return the left half of a hash (Core 3.1.3.6)."""
    whole = HASHES[algorithm](text.encode()).digest()
    return base64url.encode(whole[: len(whole) // 2])
