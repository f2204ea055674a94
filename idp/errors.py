"""
The refusals of the OAuth endpoints (RFC 6749 5.2, RFC 8693 2.2.2), each for two readers.

Pure: no Django. `description` goes to the client. `reason`, `found` and `wanted` go to the record
that administrators read, and never to the client.
"""

from typing import ClassVar


class OAuthError(Exception):
    """Refuse a request."""

    error: ClassVar[str]
    status: ClassVar[int] = 400
    error_uri: str = ""

    def __init__(
        self,
        description: str,
        *,
        reason: str = "request.malformed",
        found: object = "",
        wanted: object = "",
    ) -> None:
        super().__init__(description)
        self.description = description
        self.reason = reason
        self.found = str(found)
        self.wanted = str(wanted)

    @property
    def headers(self) -> dict[str, str]:
        """Return the response headers this refusal needs beyond the usual ones."""
        return {}


class InvalidRequest(OAuthError):
    """The request, subject_token or actor_token is invalid or unacceptable."""

    error = "invalid_request"


class InvalidTarget(OAuthError):
    """The application may not have a token for this audience or resource."""

    error = "invalid_target"


class InvalidScope(OAuthError):
    """The scope is malformed, or more than may be granted."""

    error = "invalid_scope"


class InvalidGrant(OAuthError):
    """The refresh token is unknown, used, expired, or stands on something that was disabled."""

    error = "invalid_grant"


class UnauthorizedClient(OAuthError):
    """The application may not use this grant."""

    error = "unauthorized_client"


class UnsupportedGrantType(OAuthError):
    """We do not have this grant."""

    error = "unsupported_grant_type"


class InvalidClient(OAuthError):
    """The client is unknown, disabled, or did not prove who it is: one answer for all three."""

    error = "invalid_client"
    status = 401

    @property
    def headers(self) -> dict[str, str]:
        """Name the scheme to use (RFC 6749 5.2)."""
        return {"WWW-Authenticate": 'Basic realm="Agio", charset="UTF-8"'}


class TryAgain(OAuthError):
    """The same request may succeed later, not now."""

    error = "temporarily_unavailable"

    def __init__(
        self,
        description: str,
        *,
        retry_after: int,
        reason: str,
        found: object = "",
        wanted: object = "",
    ) -> None:
        super().__init__(description, reason=reason, found=found, wanted=wanted)
        self.retry_after = retry_after

    @property
    def headers(self) -> dict[str, str]:
        """Say when to try again, in seconds."""
        return {"Retry-After": str(self.retry_after)}


class TemporarilyUnavailable(TryAgain):
    """Something we need is out of reach."""

    status = 503


class TooManyRequests(TryAgain):
    """The caller has failed too often (RFC 6585 4)."""

    status = 429
