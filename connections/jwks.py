"""
The keys of whoever has a JWKS URL: cached for all workers, fetched rarely and once.

The CachedKeys row is the shared cache, and its `attempted_at` the lock. A failing or garbage answer
changes nothing but the row's `failure`; keys serve until they are a day old (KY-03, KY-04).
"""

import threading
import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from connections.fetch import FetchFailed, fetch_json
from connections.key_set import NotAKeySet, read_key_set
from connections.keys import VerificationKey, from_jwk
from connections.models import CachedKeys
from connections.refusal import KeysUnavailable

FRESH_FOR = timedelta(minutes=10)
SERVES_FOR = timedelta(hours=24)
COOL_DOWN = timedelta(seconds=30)
IN_FLIGHT_FOR = timedelta(seconds=10)  # longer than a fetch can take; then its worker has died
POLL = 0.05  # seconds

# Threads of this process that may fetch at a time, and wait for one that does. The others go on
# serving: slow issuers never occupy them all. Who waits for one issuer takes no place from who
# fetches the keys of another.
fetchers = threading.BoundedSemaphore(settings.THREADS_WAITING_FOR_KEYS)
waiters = threading.BoundedSemaphore(settings.THREADS_WAITING_FOR_KEYS // 2)

_parsed: dict[tuple[type, int], tuple[object, tuple[VerificationKey, ...]]] = {}


def keys_for(owner: Any, *, kid: str | None) -> Sequence[VerificationKey]:
    """
    Return the keys of a connection or an application.

    They are fetched where they are missing, old, or do not know the `kid`.

    Costs neither a query nor a request where the owner came with its key set and the keys are
    fresh. Raises KeysUnavailable.
    """
    key_set = _key_set(owner)
    if key_set is None or not _serves(key_set, owner):
        return _first_keys(owner, key_set)
    keys = _parse(key_set)
    is_unknown = _is_unknown(kid, keys)
    if not (is_unknown or _is_old(key_set)) or _was_tried(key_set):
        return keys
    newer = _renewed(owner, wait=is_unknown)
    return _parse(newer) if newer and _serves(newer, owner) else keys


def refresh_now(owner: Any) -> CachedKeys:
    """
    Fetch the keys whether or not it is time, for an administrator who asks for it.

    Returns the row with its `failure` and `warning`. Raises KeysUnavailable where no thread can be
    spared.
    """
    if not _has_fetched(owner, pause=timedelta(0)):
        raise _busy()
    return _rows(owner).get()


def _first_keys(owner: Any, key_set: CachedKeys | None) -> Sequence[VerificationKey]:
    """Fetch keys where there are none to fall back on, or wait for whoever is fetching them."""
    if key_set is None or key_set.jwks_uri != owner.jwks_uri or not _was_tried(key_set):
        key_set = _renewed(owner, wait=True)
    if key_set is None:
        raise _busy()
    if not _serves(key_set, owner):
        raise KeysUnavailable(key_set.failure or "The keys are late.", retry_after=_pause(key_set))
    return _parse(key_set)


def _renewed(owner: Any, *, wait: bool) -> CachedKeys | None:
    """Return the row after a fetch, ours or another's; None where no thread can be spared."""
    if _has_fetched(owner) or not wait or _has_waited(owner):
        return _rows(owner).first()
    return None


def _has_fetched(owner: Any, *, pause: timedelta = COOL_DOWN) -> bool:
    # Who only looks whether it is time gives the place back at once: that much can be waited for.
    if not fetchers.acquire(timeout=POLL):
        return False
    try:
        if claimed_at := _claim(owner, pause):
            _fetch(owner, claimed_at)
        return claimed_at is not None
    finally:
        fetchers.release()


def _has_waited(owner: Any) -> bool:
    if not waiters.acquire(blocking=False):
        return not _is_in_flight(owner)
    try:
        while _is_in_flight(owner):
            time.sleep(POLL)
    finally:
        waiters.release()
    return True


def _claim(owner: Any, pause: timedelta) -> datetime | None:
    """
    Take the right to fetch, once per pause, whoever asks: return when, or None.

    A changed URL begins anew: keys of the former one must not serve for another moment.
    """
    now = timezone.now()
    rows = _rows(owner)
    rows.get_or_create(owner=owner)
    rows.exclude(jwks_uri=owner.jwks_uri).update(
        jwks_uri=owner.jwks_uri,
        keys=[],
        version=F("version") + 1,
        fetched_at=None,
        attempted_at=None,
        failure="",
        warning="",
    )
    due = Q(attempted_at=None) | Q(attempted_at__lte=now - pause)
    won = rows.filter(due).update(attempted_at=now, finished_at=None)
    return now if won else None


def _fetch(owner: Any, claimed_at: datetime) -> None:
    """Fetch the keys and keep them, or keep the reason why not."""
    news: dict[str, Any] = {"failure": "Reading the keys went wrong on our side: see the log."}
    try:
        news = _news(fetch_json(owner.jwks_uri, allow_local=settings.ALLOW_LOCAL_ISSUERS))
    except (FetchFailed, NotAKeySet) as problem:
        news = {"failure": str(problem)[:300]}
    finally:
        # Only if the row is still about this attempt: the URL may have been changed meanwhile.
        mine = _rows(owner).filter(attempted_at=claimed_at, jwks_uri=owner.jwks_uri)
        mine.update(finished_at=timezone.now(), **news)


def _news(document: bytes) -> dict[str, Any]:
    reading = read_key_set(document)
    return {
        "failure": "",
        "warning": " ".join(reading.warnings)[:300],
        "keys": reading.keys,
        "version": F("version") + 1,
        "fetched_at": timezone.now(),
    }


def _is_in_flight(owner: Any) -> bool:
    begun = timezone.now() - IN_FLIGHT_FOR
    return _rows(owner).filter(finished_at=None, attempted_at__gt=begun).exists()


def _rows(owner: Any) -> QuerySet[CachedKeys]:
    """Return the owner's row: of the connections' table, or of the applications'."""
    model: type[CachedKeys] = type(owner)._meta.get_field("key_set").related_model
    return model.objects.filter(owner=owner)


def _key_set(owner: Any) -> CachedKeys | None:
    return getattr(owner, "key_set", None)


def _serves(key_set: CachedKeys, owner: Any) -> bool:
    """Say whether the keys are of the owner's URL and young enough to be used."""
    return (
        key_set.jwks_uri == owner.jwks_uri
        and key_set.fetched_at is not None
        and timezone.now() - key_set.fetched_at < SERVES_FOR
    )


def _is_old(key_set: CachedKeys) -> bool:
    return key_set.fetched_at is None or timezone.now() - key_set.fetched_at >= FRESH_FOR


def _was_tried(key_set: CachedKeys) -> bool:
    """Say whether an attempt has ended and the next is not due: there is nothing to wait for."""
    if key_set.finished_at is None or key_set.attempted_at is None:
        return False
    return timezone.now() - key_set.attempted_at < COOL_DOWN


def _parse(key_set: CachedKeys) -> tuple[VerificationKey, ...]:
    """Return the keys, parsed and judged once per process and version."""
    version = (key_set.version, key_set.jwks_uri, key_set.fetched_at)
    place = (type(key_set), key_set.owner_id)
    cached = _parsed.get(place)
    if cached is None or cached[0] != version:
        cached = (version, tuple(map(from_jwk, key_set.keys)))
        _parsed[place] = cached
    return cached[1]


def _is_unknown(kid: str | None, keys: Sequence[VerificationKey]) -> bool:
    return kid is not None and all(key.kid not in (kid, None) for key in keys)


def _busy() -> KeysUnavailable:
    return KeysUnavailable("Too many requests wait for keys already.", retry_after=1)


def _pause(key_set: CachedKeys) -> int:
    """Return the seconds until the next attempt is allowed, at least one."""
    if key_set.attempted_at is None:
        return 1
    return max(1, int((key_set.attempted_at + COOL_DOWN - timezone.now()).total_seconds()) + 1)
