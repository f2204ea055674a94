"""What `check --deploy` says about our own switches."""

from typing import Any

from django.conf import settings
from django.core.checks import Error, Tags, Warning, register
from django.utils.module_loading import import_string
from phonenumbers import SUPPORTED_REGIONS

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


@register(Tags.security, deploy=True)
def administrators_have_a_second_factor(**_: Any) -> list[Warning]:
    """Warn where a password alone opens the console."""
    if settings.ADMIN_SECOND_FACTOR:
        return []
    hint = "Remove AGIO_ADMIN_SECOND_FACTOR, or set it to 1."
    return [Warning("A password alone opens the console.", hint=hint, id="idp.W004")]


@register(Tags.security)
def text_messages_can_be_sent(**_: Any) -> list[Error]:
    """Refuse an AGIO_SMS_SENDER that names nothing that could be called."""
    if not settings.SMS_SENDER:
        return []
    try:
        is_callable = callable(import_string(settings.SMS_SENDER))
    except ImportError:
        is_callable = False
    if is_callable:
        return []
    hint = "Set it to the dotted path of a function (number, text) -> None."
    return [Error("AGIO_SMS_SENDER cannot be imported.", hint=hint, id="idp.E005")]


@register(Tags.security)
def the_phone_region_exists(**_: Any) -> list[Error]:
    """Refuse an AGIO_PHONE_REGION that is no country's."""
    if not settings.PHONE_REGION or settings.PHONE_REGION in SUPPORTED_REGIONS:
        return []
    hint = "Set it to two capital letters, such as DE."
    return [Error("AGIO_PHONE_REGION is not a country.", hint=hint, id="idp.E006")]
