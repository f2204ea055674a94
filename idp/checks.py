"""What `check --deploy` says about our own switches."""

from typing import Any

from django.conf import settings
from django.core.checks import Error, Tags, register


@register(Tags.security, deploy=True)
def development_is_off(**_: Any) -> list[Error]:
    """Refuse AGIO_DEBUG: with it, the secret key is one that everybody knows."""
    if not settings.DEVELOPMENT:
        return []
    hint = "Remove AGIO_DEBUG, and set AGIO_ISSUER and AGIO_SECRET_KEY."
    return [Error("AGIO_DEBUG is on.", hint=hint, id="idp.E001")]


@register(Tags.security, deploy=True)
def local_issuers_are_refused(**_: Any) -> list[Error]:
    """Refuse AGIO_ALLOW_LOCAL_ISSUERS: with it, keys are fetched over http from this machine."""
    if not settings.ALLOW_LOCAL_ISSUERS:
        return []
    hint = "Remove AGIO_ALLOW_LOCAL_ISSUERS."
    return [Error("AGIO_ALLOW_LOCAL_ISSUERS is on.", hint=hint, id="idp.E002")]
