"""What the server remembers: its keys, the tokens it issued, every attempt, every change."""

from idp.models.audit import AppendOnly, AuditEvent
from idp.models.authorization import AuthorizationCode, Consent
from idp.models.drafts import ConnectionDraft
from idp.models.exchange import ExchangeRecord
from idp.models.failures import FailedAttempts
from idp.models.keys import SigningKey
from idp.models.links import LinkLimit, LinkNotice, LinkUse
from idp.models.tokens import AccessToken, RefreshToken, TokenFamily

__all__ = [
    "AccessToken",
    "AppendOnly",
    "AuditEvent",
    "AuthorizationCode",
    "ConnectionDraft",
    "Consent",
    "ExchangeRecord",
    "FailedAttempts",
    "LinkLimit",
    "LinkNotice",
    "LinkUse",
    "RefreshToken",
    "SigningKey",
    "TokenFamily",
]
