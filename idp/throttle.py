"""
Slow down whoever guesses client credentials (TE-27, AT-109).

Failures are counted by client *and* address, and by address alone. A stranger can thus block
nobody but himself: the right secret from another address still works. Counts are shared by all
workers: in the database, or in Valkey or Redis where AGIO_CACHE_URL names one.
"""

import hashlib
import ipaddress
import time
from datetime import timedelta
from typing import Protocol

from django.conf import settings
from django.core.cache import cache
from django.db.models import F, QuerySet
from django.utils import timezone

from idp.errors import TooManyRequests
from idp.models import FailedAttempts

LOOKED_AT_FOR = 0.5  # seconds


class Counter(Protocol):
    """Where failures are counted."""

    def is_quiet(self) -> bool:
        """Say whether it is known already that nobody at all is near a limit."""

    def failures(self, keys: list[str]) -> list[int]:
        """Return the failures under each key in its present window."""

    def add(self, key: str) -> None:
        """Count one more failure."""


def check(client_id: str, address: str | None) -> None:
    """
    Let a call through to authentication, unless too many have failed.

    :raises TooManyRequests: also for the right secret, or guessing would go on at full speed
    """
    counter = _counter()
    if counter.is_quiet():
        return
    limits = (settings.CLIENT_FAILURES, settings.ADDRESS_FAILURES)
    failures = counter.failures(_keys(client_id, address))
    if any(count >= limit for count, limit in zip(failures, limits, strict=True)):
        raise TooManyRequests(
            "Client authentication has failed too often. Try again later.",
            retry_after=settings.FAILURE_WINDOW,
            reason="client.too-many-failures",
            found=client_id,
        )


def note_failure(client_id: str, address: str | None) -> None:
    """Count a failed authentication."""
    for key in _keys(client_id, address):
        _counter().add(key)


def _keys(client_id: str, address: str | None) -> list[str]:
    network = _network(address)
    return [_digest(f"client {client_id}\0{network}"), _digest(f"address {network}")]


def _network(address: str | None) -> str:
    """Return what stands for an address: of IPv6 the /64 that one customer has to himself."""
    if not address or ":" not in address:
        return address or ""
    return str(ipaddress.ip_network((address.partition("%")[0], 64), strict=False))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode(errors="replace")).hexdigest()


def _counter() -> Counter:
    return CACHE if settings.CACHE_URL else DATABASE


class DatabaseCounter:
    """Count in the database, and ask it nothing while nobody is near a limit."""

    def __init__(self) -> None:
        self._quiet_until = 0.0

    def is_quiet(self) -> bool:
        """Say whether nobody was near a limit a moment ago."""
        return time.monotonic() < self._quiet_until

    def failures(self, keys: list[str]) -> list[int]:
        """Return the failures under each key, or zeros where nobody at all is near a limit."""
        lowest = min(settings.CLIENT_FAILURES, settings.ADDRESS_FAILURES)
        if not self._open().filter(failures__gte=lowest).exists():
            self._quiet_until = time.monotonic() + LOOKED_AT_FOR
            return [0] * len(keys)
        found = dict(self._open().filter(key__in=keys).values_list("key", "failures"))
        return [found.get(key, 0) for key in keys]

    def add(self, key: str) -> None:
        """Count one more failure, in a new window where there is none."""
        self.forget()
        if not self._open().filter(key=key).update(failures=F("failures") + 1):
            ends_at = timezone.now() + timedelta(seconds=settings.FAILURE_WINDOW)
            FailedAttempts.objects.update_or_create(
                key=key, defaults={"failures": 1, "ends_at": ends_at}
            )

    def forget(self) -> None:
        """Look into the database at the next call."""
        self._quiet_until = 0.0

    @staticmethod
    def _open() -> QuerySet[FailedAttempts]:
        return FailedAttempts.objects.filter(ends_at__gt=timezone.now())


class CacheCounter:
    """Count in Valkey or Redis."""

    def is_quiet(self) -> bool:
        """Ask each time: other workers count there too."""
        return False

    def failures(self, keys: list[str]) -> list[int]:
        """Return the failures under each key."""
        found = cache.get_many(keys)
        return [found.get(key, 0) for key in keys]

    def add(self, key: str) -> None:
        """Count one more failure; the first one starts the window."""
        cache.add(key, 0, settings.FAILURE_WINDOW)
        try:
            cache.incr(key)
        except ValueError:  # the window ended between the two
            cache.add(key, 1, settings.FAILURE_WINDOW)


DATABASE = DatabaseCounter()
CACHE = CacheCounter()
