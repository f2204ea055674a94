"""What the server itself remembers: its keys, the tokens it issued, and every attempt."""

from idp.models.exchange import ExchangeRecord
from idp.models.failures import FailedAttempts
from idp.models.keys import SigningKey
from idp.models.tokens import AccessToken, RefreshToken, TokenFamily

__all__ = [
    "AccessToken",
    "ExchangeRecord",
    "FailedAttempts",
    "RefreshToken",
    "SigningKey",
    "TokenFamily",
]
