"""Which values differ between two descriptions of one thing, and which of them are secret."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from connections.keys import PRIVATE_MEMBERS

ABSENT: Any = object()
SECRET_WORDS = ("secret", "password", "private")


@dataclass(frozen=True, slots=True)
class Change:
    """A value that differs, by its dotted path; ABSENT where one side does not have it."""

    path: str
    old: Any
    new: Any


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Change]:
    """Yield each value that differs: `access_token.lifetime`, 900, 600."""
    old, new = dict(leaves(before)), dict(leaves(after))
    for path in old | new:
        change = Change(path, old.get(path, ABSENT), new.get(path, ABSENT))
        if change.old != change.new:
            yield change


def leaves(described: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Yield each value that is not a mapping, with its dotted path."""
    for key, value in described.items():
        if isinstance(value, Mapping):
            yield from leaves(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value


def is_secret(path: str) -> bool:
    """Say whether the path leads to a secret, or to the private part of a key (RFC 7518 6)."""
    return any(
        step in PRIVATE_MEMBERS or any(word in step for word in SECRET_WORDS)
        for step in path.lower().split(".")
    )
