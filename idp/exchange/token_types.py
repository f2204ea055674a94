"""Token type identifiers (RFC 8693 3), and which tokens may go by which name. Pure: no Django."""

from collections.abc import Mapping
from typing import Any

from idp.errors import InvalidRequest

ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token"
ID_TOKEN = "urn:ietf:params:oauth:token-type:id_token"
JWT = "urn:ietf:params:oauth:token-type:jwt"

REQUESTED_TOKEN_TYPES = (ACCESS_TOKEN, JWT)

# The `typ` values that fit each declared type, lower case; "" stands for no `typ` at all. Every
# other kind (logout tokens, DPoP proofs, client assertions, ...) is refused (RFC 8725bis 3.11).
FITTING_TYP = {
    JWT: frozenset({"", "jwt", "at+jwt"}),
    ACCESS_TOKEN: frozenset({"", "jwt", "at+jwt"}),
    ID_TOKEN: frozenset({"", "jwt"}),
}
SUBJECT_TOKEN_TYPES = tuple(FITTING_TYP)

# Claims that only an ID token has (OpenID Connect Core 2, 3.3.2.11).
ID_TOKEN_CLAIMS = frozenset({"nonce", "at_hash", "c_hash"})


def check_typ(token_type: str, header: Mapping[str, Any]) -> None:
    """
    Refuse a token whose `typ` says that it is of another kind than declared (ST-17).

    :raises InvalidRequest: where the header contradicts the declared type
    """
    typ = header.get("typ")
    name = "" if typ is None else str(typ).lower().removeprefix("application/") or "(empty)"
    if name not in FITTING_TYP[token_type]:
        raise InvalidRequest(
            "The typ header of the subject_token contradicts the subject_token_type.",
            reason="token-type.contradiction",
            found=typ,
            wanted=" or ".join(sorted(filter(None, FITTING_TYP[token_type]))) + " or no typ",
        )


def check_claims(token_type: str, claims: Mapping[str, Any]) -> None:
    """
    Refuse an ID token that is declared as an access token.

    :raises InvalidRequest: where the claims contradict the declared type
    """
    if token_type == ACCESS_TOKEN and (telling := ID_TOKEN_CLAIMS & claims.keys()):
        raise InvalidRequest(
            "The subject_token looks like an ID token: it is not an access token.",
            reason="token-type.contradiction",
            found=", ".join(sorted(telling)),
        )
