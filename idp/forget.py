"""Forget what is past its date: spent and expired tokens, old failures, old records."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from applications.models import SpentAssertion
from connections.models import SpentToken
from idp.models import (
    AccessToken,
    AuditEvent,
    ConnectionDraft,
    ExchangeRecord,
    FailedAttempts,
    TokenFamily,
)

KEEP_DRAFTS = timedelta(days=30)
BATCH = 1000  # rows in one transaction: nobody waits for long


def forget(now: datetime) -> dict[str, int]:
    """Delete everything past its date; return how many rows of each kind are gone."""
    kept_since = now - timedelta(days=settings.KEEP_RECORDS_DAYS)
    return {
        "access tokens": _delete(AccessToken.objects.filter(expires_at__lte=now)),
        "refresh token families": _delete(TokenFamily.objects.filter(expires_at__lte=now)),
        "one-time tokens": _delete(SpentToken.objects.filter(forget_after__lte=now)),
        "client assertions": _delete(SpentAssertion.objects.filter(forget_after__lte=now)),
        "failed authentications": _delete(FailedAttempts.objects.filter(ends_at__lte=now)),
        "drafts of connections": _delete(
            ConnectionDraft.objects.filter(changed_at__lte=now - KEEP_DRAFTS)
        ),
        "exchange records": _delete(ExchangeRecord.objects.filter(at__lte=kept_since)),
        "audit events": _delete(_old_audit_events(now)),
    }


def _old_audit_events(now: datetime) -> QuerySet[AuditEvent]:
    if not settings.KEEP_AUDIT_DAYS:
        return AuditEvent.objects.none()
    kept_since = now - timedelta(days=settings.KEEP_AUDIT_DAYS)
    return AuditEvent.objects.filter(at__lte=kept_since)


def _delete(rows: QuerySet[Any]) -> int:
    """Delete rows in batches; return how many."""
    total = 0
    while keys := list(rows.order_by().values_list("pk", flat=True)[:BATCH]):
        # That of the audit log deletes nothing; its trigger lets go of what is old enough.
        QuerySet(rows.model).filter(pk__in=keys).delete()
        total += len(keys)
    return total
