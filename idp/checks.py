"""What `check --deploy` says about our own switches."""

from typing import Any

from django.conf import settings
from django.core.checks import Error, Tags, Warning, register

from idp.env import LOOPBACK


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


@register(Tags.security, deploy=True)
def mail_is_encrypted(**_: Any) -> list[Warning]:
    """Warn where links that set passwords cross the network in the clear."""
    options = settings.MAILERS.get("default", {}).get("OPTIONS")
    if not options or options.keys() & {"use_ssl", "use_tls"} or options["host"] in LOOPBACK:
        return []
    hint = "Use smtps:// or smtp://, which asks for TLS and insists on it."
    return [Warning("AGIO_EMAIL_URL sends without encryption.", hint=hint, id="idp.W003")]
