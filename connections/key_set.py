"""
A JWKS document: which of its keys are usable, and what is wrong with the others.

Pure: no Django. Only the public members of usable keys leave this module.
"""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from connections.excerpt import excerpt
from connections.keys import SecretKeyPublished, UnusableKey, from_jwk, to_public_jwk
from connections.strict_json import NotStrict, parse_object

MAXIMUM_KEYS = 100


class NotAKeySet(Exception):
    """Say in a sentence why a document is no JWKS; `jwks_uri` is the one it names, if any."""

    def __init__(self, sentence: str, *, jwks_uri: str = "") -> None:
        super().__init__(sentence)
        self.jwks_uri = jwks_uri


@dataclass(frozen=True, slots=True)
class JudgedKey:
    """A key as it describes itself, fit to be shown, and either its public JWK or the problem."""

    kid: str
    kty: str
    alg: str
    public_jwk: dict[str, str] | None
    problem: str = ""
    is_secret: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """The usable keys as public JWKs, and a sentence for each of the others."""

    keys: list[dict[str, str]]
    warnings: list[str]


def read_key_set(document: bytes) -> Reading:
    """
    Read a JWKS (RFC 7517 5).

    A key we cannot use does not spoil the others. Raises NotAKeySet, also where no key is usable.
    """
    judged = judge_key_set(document)
    keys = [key.public_jwk for key in judged if key.public_jwk]
    # A published secret comes first: what is kept of the warnings is short (AT-064).
    bad = [(not key.is_secret, number) for number, key in enumerate(judged, start=1) if key.problem]
    warnings = [f"Key {number}: {judged[number - 1].problem}" for _, number in sorted(bad)]
    if not keys:
        raise NotAKeySet(" ".join(["It has no key that we can use.", *warnings[:3]]))
    return Reading(keys, warnings)


def judge_key_set(document: bytes) -> list[JudgedKey]:
    """
    Say of each key in a JWKS whether we can use it.

    Of keys with one `kid` none is used: to guess which is meant would be "last wins" (KY-09).
    Raises NotAKeySet where there is no list of keys.
    """
    members = _members(document)
    shared = {kid for kid, times in _kids(members).items() if times > 1}
    return [_judge(jwk, shared) for jwk in members]


def _members(document: bytes) -> list[Any]:
    try:
        parsed = parse_object(document)
    except NotStrict:
        raise NotAKeySet("It is not a JSON object.") from None
    members = parsed.get("keys")
    if not isinstance(members, list):
        if isinstance(jwks_uri := parsed.get("jwks_uri"), str):
            sentence = "It has no list of keys. It looks like OpenID metadata: enter its jwks_uri."
            raise NotAKeySet(sentence, jwks_uri=jwks_uri)
        raise NotAKeySet("It has no list of keys.")
    if len(members) > MAXIMUM_KEYS:
        raise NotAKeySet(f"It has more than {MAXIMUM_KEYS} keys.")
    return members


def _kids(members: list[Any]) -> Counter[str]:
    kids = (jwk.get("kid") for jwk in members if isinstance(jwk, dict))
    return Counter(kid for kid in kids if isinstance(kid, str))


def _judge(jwk: Any, shared_kids: set[str]) -> JudgedKey:
    kid, kty, alg = (_shown(jwk, member) for member in ("kid", "kty", "alg"))
    try:
        return JudgedKey(kid, kty, alg, public_jwk=_usable(jwk, shared_kids))
    except UnusableKey as problem:
        is_secret = isinstance(problem, SecretKeyPublished)
        return JudgedKey(kid, kty, alg, public_jwk=None, problem=str(problem), is_secret=is_secret)


def _shown(jwk: Any, member: str) -> str:
    value = jwk.get(member) if isinstance(jwk, dict) else None
    return excerpt(value) if isinstance(value, str) else ""


def _usable(jwk: Any, shared_kids: set[str]) -> dict[str, str]:
    if not isinstance(jwk, dict):
        raise UnusableKey("It is not a JSON object.")
    key = from_jwk(jwk)
    if key.kid in shared_kids:
        raise UnusableKey("Another key has the same kid.")
    return to_public_jwk(key)
