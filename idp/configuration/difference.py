"""What changed between two descriptions of one thing, in words."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

LONGEST = 80


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    """Yield a line for each value that differs: `access_token.lifetime 900 -> 600`."""
    old, new = dict(_leaves(before)), dict(_leaves(after))
    for path in new:
        if old[path] == new[path]:
            continue
        if _holds_mappings(old[path]) or _holds_mappings(new[path]):
            yield from _items(path, old[path], new[path])
        else:
            yield f"{path} {_shown(old[path])} -> {_shown(new[path])}"


def _leaves(described: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in described.items():
        if isinstance(value, Mapping):
            yield from _leaves(value, f"{prefix}{key}.")
        else:
            yield prefix + key, value


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
