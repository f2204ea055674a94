"""What the log keeps of a value: a bounded part, and never a secret."""

from collections.abc import Mapping
from itertools import islice
from typing import Any

from connections.certificate_file import has_private_key
from idp.changes import Change, is_secret

CHANGED = "changed"  # stands for what is not kept
LONGEST_TEXT = 500
LONGEST_LIST = 50
PEM = "-----BEGIN "


def kept(change: Change) -> tuple[Any, Any]:
    """Return what is kept of the old and of the new value."""
    old, new = change.old, change.new
    if isinstance(old, list) and isinstance(new, list) and _are_long(old, new):
        # Cut at the same place, both could look the same: only what differs is of interest.
        old, new = [i for i in old if i not in new], [i for i in new if i not in old]
    return _bounded(change.path, old), _bounded(change.path, new)


def _are_long(*values: list[Any]) -> bool:
    return max(map(len, values)) > LONGEST_LIST


def _bounded(path: str, value: Any) -> Any:
    if is_secret(path):
        return CHANGED
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, Mapping):
        members = islice(value.items(), LONGEST_LIST)
        return {shorten(str(key)): _bounded(str(key), each) for key, each in members}
    if isinstance(value, list | tuple | set | frozenset):
        return _items(path, list(value))
    return value


def _text(text: str) -> str:
    # A certificate is described by its subject and fingerprint; any other PEM, and a
    # JWK with private members, may be a private key.
    return CHANGED if PEM in text or has_private_key(text) else shorten(text)


def shorten(text: str, limit: int = LONGEST_TEXT) -> str:
    """Cut a text that is too long, visibly."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def _items(path: str, items: list[Any]) -> list[Any]:
    if len(items) > LONGEST_LIST:
        left_out = len(items) - LONGEST_LIST + 1
        return [*_items(path, items[: LONGEST_LIST - 1]), f"… {left_out} more"]
    return [_bounded(path, item) for item in items]
