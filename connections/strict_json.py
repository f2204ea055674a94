"""JSON objects from strangers: one reading of each text, or none (RFC 8259, RFC 7493)."""

import json
import re
from collections.abc import Sequence
from json import JSONDecodeError
from math import isfinite
from typing import Any, Never

MAXIMUM_DEPTH = 16
MAXIMUM_DIGITS = 32

# A whole string, also an unfinished one, or a bracket. Possessive, so that it runs in linear time.
_STRING_OR_BRACKET = re.compile(r'"(?:[^"\\]|\\.)*+"?|[\[{]|[\]}]', re.DOTALL)


class NotStrict(ValueError):
    """Say what is wrong with a JSON text, as a predicate that never quotes it."""


def parse_object(octets: bytes) -> dict[str, Any]:
    """
    Read a JSON object from UTF-8 octets.

    Raises NotStrict where two parsers could read two things: other encodings, a BOM, duplicate
    members at any depth, NaN and Infinity, numbers out of range, lone surrogates; and for nesting
    deeper than MAXIMUM_DEPTH and for anything that is not an object.
    """
    try:
        text = octets.decode("utf-8")
    except UnicodeDecodeError:
        raise NotStrict("is not UTF-8 text") from None
    _check_depth(text)
    try:
        value = _DECODER.decode(text)
    except JSONDecodeError:
        raise NotStrict("is not JSON") from None
    if not isinstance(value, dict):
        raise NotStrict("is not a JSON object")
    if "\\u" in text:
        _check_surrogates(value)
    return value


def _check_depth(text: str) -> None:
    """Refuse deep nesting before the parser recurses into it."""
    if text.count("[") + text.count("{") <= MAXIMUM_DEPTH:
        return
    depth = 0
    for match in _STRING_OR_BRACKET.finditer(text):
        if match[0] in "[{":
            depth += 1
            if depth > MAXIMUM_DEPTH:
                raise NotStrict(f"is nested more than {MAXIMUM_DEPTH} levels deep")
        elif match[0] in "]}":
            depth -= 1


def _check_surrogates(value: object) -> None:
    """Refuse half characters, which `\\ud800` can write and no database can store."""
    try:
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:
        raise NotStrict("has half of a surrogate pair") from None


def _members(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise NotStrict("has the same member twice")
    return members


def _integer(digits: str) -> int:
    if len(digits) > MAXIMUM_DIGITS:
        raise NotStrict("has a number that is out of range")
    return int(digits)


def _number(digits: str) -> float:
    number = float(digits)
    if not isfinite(number):
        raise NotStrict("has a number that is out of range")
    return number


def _constant(_name: str) -> Never:
    raise NotStrict("has NaN or Infinity, which are not JSON")


_DECODER = json.JSONDecoder(
    object_pairs_hook=_members, parse_int=_integer, parse_float=_number, parse_constant=_constant
)
