"""
A JWKS document: which of its keys are usable, and what is wrong with the others.

Pure: no Django. Only the public members of usable keys leave this module.
"""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from connections.keys import UnusableKey, from_jwk, to_public_jwk
from connections.strict_json import NotStrict, parse_object

MAXIMUM_KEYS = 100


class NotAKeySet(Exception):
    """Say in a sentence why a document is not a JWKS with a key that we can use."""


@dataclass(frozen=True, slots=True)
class Reading:
    """The usable keys as public JWKs, and a sentence for each of the others."""

    keys: list[dict[str, Any]]
    warnings: list[str]


def read_key_set(document: bytes) -> Reading:
    """
    Read a JWKS (RFC 7517 5).

    A key we cannot use does not spoil the others. Of keys with one `kid` none is used: to guess
    which is meant would be "last wins" (KY-09). Raises NotAKeySet, also where no key is usable.
    """
    members = _members(document)
    shared = {kid for kid, times in _kids(members).items() if times > 1}
    keys, warnings = [], []
    for number, jwk in enumerate(members, start=1):
        try:
            keys.append(_usable(jwk, shared))
        except UnusableKey as problem:
            warnings.append(f"Key {number}: {problem}")
    if not keys:
        raise NotAKeySet(" ".join(["It has no key that we can use.", *warnings[:3]]))
    return Reading(keys, warnings)


def _members(document: bytes) -> list[Any]:
    try:
        parsed = parse_object(document)
    except NotStrict:
        raise NotAKeySet("It is not a JSON object.") from None
    members = parsed.get("keys")
    if not isinstance(members, list):
        hint = " It looks like OpenID metadata: enter its jwks_uri." if "jwks_uri" in parsed else ""
        raise NotAKeySet("It has no list of keys." + hint)
    if len(members) > MAXIMUM_KEYS:
        raise NotAKeySet(f"It has more than {MAXIMUM_KEYS} keys.")
    return members


def _kids(members: list[Any]) -> Counter[str]:
    kids = (jwk.get("kid") for jwk in members if isinstance(jwk, dict))
    return Counter(kid for kid in kids if isinstance(kid, str))


def _usable(jwk: Any, shared_kids: set[str]) -> dict[str, Any]:
    if not isinstance(jwk, dict):
        raise UnusableKey("It is not a JSON object.")
    key = from_jwk(jwk)
    if key.kid in shared_kids:
        raise UnusableKey("Another key has the same kid.")
    return to_public_jwk(key)
