"""A look at a JWKS URL before it is saved: what a fetch brings, and what we would use of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings

from connections.addresses import fetch_problem
from connections.fetch import AnotherDocument, FetchFailed, Limits, fetch_json
from connections.key_set import JudgedKey, NotAKeySet, judge_key_set

USUAL_LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Inspection:
    """
    What is at a URL.

    `problem` is a sentence, empty where at least one key is usable; `suggestion` is the URL that
    was probably meant, if any.
    """

    keys: Sequence[JudgedKey] = ()
    problem: str = ""
    suggestion: str = ""


def inspect(url: str, *, limits: Limits = USUAL_LIMITS) -> Inspection:
    """Fetch a URL as an exchange would, and report; nothing is kept."""
    try:
        keys = judge_key_set(
            fetch_json(url, allow_local=settings.ALLOW_LOCAL_ISSUERS, limits=limits)
        )
    except AnotherDocument as problem:
        sentence = str(problem)
        return Inspection(problem=f"This is not a key set: {sentence[0].lower()}{sentence[1:]}")
    except FetchFailed as problem:
        return Inspection(problem=str(problem))
    except NotAKeySet as problem:
        return Inspection(problem=str(problem), suggestion=_fetchable(problem.jwks_uri))
    is_usable = any(key.public_jwk for key in keys)
    return Inspection(keys, "" if is_usable else "It has no key that we can use.")


def _fetchable(url: str) -> str:
    """Return the URL only if it could be entered: a stranger's server names it."""
    return "" if fetch_problem(url, allow_local=settings.ALLOW_LOCAL_ISSUERS) else url
