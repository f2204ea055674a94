"""
Which key made a signature: the algorithm comes from the table, the key from the issuer.

Pure: no Django. Nothing in the token chooses more than one of the keys that the caller trusts.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from jwt.algorithms import get_default_algorithms

from connections.algorithms import ALGORITHMS
from connections.excerpt import excerpt
from connections.jws import CompactJws, UnverifiedToken, refusal
from connections.keys import FULLY_SPECIFIED, VerificationKey

MAXIMUM_CANDIDATES = 5

_SIGNATURES = get_default_algorithms()


def check_algorithm(jws: CompactJws | UnverifiedToken, algorithms: Collection[str]) -> str:
    """
    Return the name in our table of the token's algorithm, if it is one of `algorithms`.

    Raises TokenRefused.
    """
    named: str = jws.header["alg"]
    alg = FULLY_SPECIFIED.get(named, named)
    if alg not in ALGORITHMS or alg not in algorithms:
        predicate = "is signed with an algorithm (alg) that is not accepted from its issuer."
        wanted = " ".join(sorted(algorithms))
        raise refusal(jws, "algorithm.not-accepted", predicate, named, wanted)
    return alg


def verify_signature(
    jws: CompactJws | UnverifiedToken, keys: Sequence[VerificationKey], algorithms: Collection[str]
) -> VerificationKey:
    """
    Return the key that made the signature.

    The algorithm must be one of `algorithms` and fit the key. Raises TokenRefused.
    """
    alg = check_algorithm(jws, algorithms)
    for key in find_keys(jws, keys, alg):
        if _SIGNATURES[alg].verify(jws.signing_input, key.public_key, jws.signature):
            return key
    predicate = "has a signature that none of the keys of its issuer made."
    raise refusal(jws, "signature.invalid", predicate, excerpt(jws.header.get("kid", "no kid")))


def find_keys(
    jws: CompactJws | UnverifiedToken, keys: Sequence[VerificationKey], alg: str
) -> Sequence[VerificationKey]:
    """
    Choose the keys, at most five, that may have made the signature.

    Raises TokenRefused where none is left, which a client can repair in different ways.
    """
    if not keys:
        predicate = "cannot be verified: its issuer has no usable key now."
        raise refusal(jws, "signature.no-usable-key", predicate)
    named = _named_keys(jws.header, keys)
    if not named:
        predicate = "is signed with a key (kid) that its issuer does not publish."
        wanted = " ".join(sorted(key.kid for key in keys if key.kid))
        raise refusal(jws, "signature.unknown-key", predicate, jws.header["kid"], excerpt(wanted))
    fitting = [key for key in named if fits(key, alg)]
    if not fitting:
        predicate = "names an algorithm (alg) that does not fit the key of its issuer."
        wanted = " ".join(sorted({key.alg or key.crv or key.kty for key in named}))
        raise refusal(jws, "algorithm.key-mismatch", predicate, alg, wanted)
    return fitting[:MAXIMUM_CANDIDATES]


def fits(key: VerificationKey, alg: str) -> bool:
    """Say whether the key is of the kind that `alg` needs, and not meant for another one."""
    needed = ALGORITHMS[alg]
    return (key.kty, key.crv) == (needed.kty, needed.crv) and key.alg in (None, alg)


def _named_keys(
    header: Mapping[str, Any], keys: Sequence[VerificationKey]
) -> Sequence[VerificationKey]:
    """Follow `kid`, then `x5t#S256`; keys without a name are never excluded by one."""
    if "kid" not in header:
        unnamed = keys
    elif named := [key for key in keys if key.kid == header["kid"]]:
        return named
    else:
        unnamed = [key for key in keys if key.kid is None]
    x5t = header.get("x5t#S256")
    return [key for key in unnamed if x5t and key.x5t_s256 == x5t] or unnamed
