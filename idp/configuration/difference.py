"""What changed between two descriptions of one thing, in words."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from idp.changes import changes, is_secret

LONGEST = 80


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    """Yield a line for each value that differs: `access_token.lifetime 900 -> 600`."""
    for change in changes(before, after):
        if is_secret(change.path):
            continue  # the serializer tells about those in its own words
        if _holds_mappings(change.old) or _holds_mappings(change.new):
            yield from _items(change.path, change.old, change.new)
        else:
            yield f"{change.path} {_shown(change.old)} -> {_shown(change.new)}"


def _holds_mappings(value: Any) -> bool:
    return isinstance(value, list) and any(isinstance(item, Mapping) for item in value)


def _items(path: str, old: list[Any], new: list[Any]) -> Iterator[str]:
    yield from (f"{path}: removed {_described(item)}" for item in old if item not in new)
    yield from (f"{path}: added {_described(item)}" for item in new if item not in old)


def _described(item: Mapping[str, Any]) -> str:
    return ", ".join(f"{key} {_shown(value)}" for key, value in item.items())


def _shown(value: Any) -> str:
    """Write a value on one line; text only in quotes where it needs them."""
    if isinstance(value, str) and value and value.isprintable():
        text = value
    else:
        text = json.dumps(value, default=str)
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
