"""Our own addresses: from the configured issuer, never from the Host of a request (TE-31)."""

from django.conf import settings
from django.urls import reverse


def absolute(name: str, *args: object) -> str:
    """Return the address of a page or endpoint by its name in the URL map."""
    return settings.ISSUER.rstrip("/") + reverse(name, args=args)
