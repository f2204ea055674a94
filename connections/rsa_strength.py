"""What makes an RSA public key unfit to verify signatures (KY-05, RFC 7518 3.3, RFC 8301 3.2)."""

from functools import lru_cache

import gmpy2
from badkeys.checks import checkrsa

MINIMUM_BITS, MAXIMUM_BITS = 2048, 8192
MINIMUM_EXPONENT, MAXIMUM_EXPONENT = 65537, 2**64

# The checks of badkeys that need no downloaded list, and what each one found.
# fmt: off
KNOWN_WEAKNESSES = {
    "roca":         "its generator is known to be broken (ROCA, CVE-2017-15361)",
    "fermat":       "its primes are too close together (CVE-2022-26320)",
    "smallfactors": "its modulus has a small factor",
    "sharedprimes": "a prime of it is also part of another published key",
    "rsapoly":      "its modulus follows a pattern that lets it be factored",
    "pattern":      "its modulus repeats itself, which a good generator never does",
}
# fmt: on


@lru_cache(maxsize=1024)
def weakness(*, n: int, e: int) -> str | None:
    """
    Say in a sentence for an administrator why the key must not be used, or return None.

    Takes up to 0.1 s for the largest key; the answer is remembered.
    """
    return _wrong_size(n, e) or _wrong_exponent(n, e) or _wrong_modulus(n, e)


def _wrong_size(n: int, e: int) -> str | None:
    bits = n.bit_length()
    if bits < MINIMUM_BITS:
        return f"RSA key of {bits} bits: at least {MINIMUM_BITS} are needed."
    if bits > MAXIMUM_BITS:
        return f"RSA key of {bits} bits: at most {MAXIMUM_BITS} are accepted."
    return None


def _wrong_exponent(n: int, e: int) -> str | None:
    # With e = 1 a signature is its own message: anybody can forge it (AT-060).
    if e < MINIMUM_EXPONENT or e % 2 == 0:
        return f"RSA key with a weak exponent: an odd one of at least {MINIMUM_EXPONENT} is needed."
    if e >= MAXIMUM_EXPONENT:
        return "RSA key with an exponent of more than 64 bits, which no good generator makes."
    return None


def _wrong_modulus(n: int, e: int) -> str | None:
    if n % 2 == 0:
        return "RSA key with an even modulus: it is damaged."
    found = checkrsa(n, e=e, checks=list(KNOWN_WEAKNESSES))
    if name := next(iter(found), None):
        return f"Known-weak RSA key: {KNOWN_WEAKNESSES[name]}."
    # From a prime modulus everybody can compute the private key.
    if gmpy2.is_strong_prp(n, 2):
        return "RSA key whose modulus is a prime: it is damaged."
    return None
