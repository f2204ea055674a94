"""
Why a token was refused, for two readers.

Pure: no Django. `description` is for the client and says only what it could find out from the
token it holds. `found` and `wanted` are for the administrator and are never sent.
"""


class TokenRefused(Exception):
    """
    Refuse a token.

    `reason` is a stable word pair `check.problem`, such as `time.expired`: the part before the dot
    names the check (see idp.exchange.pipeline) and the console filters by it.
    """

    def __init__(self, reason: str, description: str, *, found: object = "", wanted: object = ""):
        super().__init__(reason)
        self.reason = reason
        self.description = description
        self.found = str(found)
        self.wanted = str(wanted)


class KeysUnavailable(Exception):
    """Say that an issuer's keys cannot be had now; the caller may try again in a few seconds."""

    def __init__(self, detail: str, *, retry_after: int):
        super().__init__(detail)
        self.detail = detail
        self.retry_after = retry_after
