"""Where a request comes from."""

import ipaddress
from functools import lru_cache

from django.conf import settings
from django.http import HttpRequest

LONGEST = 64  # characters; no address has as many, and what is longer is not worth remembering


def remote_address(request: HttpRequest) -> str | None:
    """
    Return the address a call comes from.

    Behind a proxy it is the last one of X-Forwarded-For, which the proxy wrote; whatever stands
    before it came from the caller (AT-136). The zone of a link-local one (`%eth0`) says nothing
    about the caller, and no database keeps it.
    """
    address: str = request.META.get("REMOTE_ADDR", "")
    if settings.BEHIND_PROXY:
        address = request.META.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip() or address
    return _canonical(address[:LONGEST])


@lru_cache(maxsize=1024)  # most calls come from a few back ends
def _canonical(address: str) -> str | None:
    try:
        return str(ipaddress.ip_address(address.partition("%")[0]))
    except ValueError:
        return None
