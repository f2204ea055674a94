"""What the client is told of a granted exchange (RFC 8693 2.2.1)."""

from typing import Any


def success(
    *,
    access_token: str,
    issued_token_type: str,
    expires_in: int,
    granted: frozenset[str],
    asked: frozenset[str],
    refresh_token: str | None,
) -> dict[str, Any]:
    """Return the members of the answer; `scope` is there whenever there is one to speak of."""
    answer: dict[str, Any] = {
        "access_token": access_token,
        "issued_token_type": issued_token_type,
        "token_type": "Bearer",
        "expires_in": expires_in,
    }
    if granted or granted != asked:
        answer["scope"] = " ".join(sorted(granted))
    if refresh_token:
        answer["refresh_token"] = refresh_token
    return answer
