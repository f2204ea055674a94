"""The public keys of an application that signs its own assertions, pasted and shown."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from applications.models import Application, ClientKeySet
from connections.key_set import JudgedKey, NotAKeySet, judge_key_set


@dataclass(frozen=True, slots=True)
class Keys:
    """What is known of an application's keys, and for a JWKS URL when they were read."""

    keys: Sequence[JudgedKey] = ()
    problem: str = ""
    fetched_at: datetime | None = None


def judged(text: str) -> Keys:
    """Say of each key that was pasted whether it is usable."""
    try:
        return Keys(judge_key_set(text.encode())) if text.strip() else Keys()
    except NotAKeySet as problem:
        return Keys(problem=str(problem))


def at_url(application: Application) -> Keys | None:
    """Return the keys last read from the application's JWKS URL; None where none were."""
    found = ClientKeySet.objects.filter(owner=application, jwks_uri=application.jwks_uri).first()
    if found is None or not application.jwks_uri:
        return None
    read = judged(json.dumps({"keys": found.keys})).keys
    return Keys(read, found.failure or found.warning, found.fetched_at)


def as_text(keys: Sequence[object]) -> str:
    """Write keys as a JWK Set, to be edited."""
    return json.dumps({"keys": keys}, indent=2) if keys else ""
