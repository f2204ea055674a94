"""Whether the owner of a link lets it be used: the last word on every path."""

from datetime import datetime

from accounts.models import FederatedLink
from applications.models import Application
from idp.models import LinkLimit

PAUSED, EXPIRED, LIMITED = "link-paused", "link-expired", "link-limited"


def objection(link: FederatedLink, application: Application | None, now: datetime) -> str:
    """
    Say why an application may not use a link now; return an empty text if it may.

    Where there is no application to speak of, its limits are not looked at.
    """
    if link.paused_at is not None:
        return PAUSED
    if link.expires_at is not None and link.expires_at <= now:
        return EXPIRED
    if link.is_limited and application is not None:
        allowed = LinkLimit.objects.filter(link_id=link.pk, application_id=application.pk)
        return "" if allowed.exists() else LIMITED
    return ""
