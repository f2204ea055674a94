"""All JWS and JWK cases of Wycheproof, verified by us (AT-013, AT-015, AT-017, AT-034)."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from connections.jws import parse_compact
from connections.key_set import NotAKeySet, read_key_set
from connections.keys import VerificationKey, from_jwk
from connections.refusal import TokenRefused
from connections.signature import verify_signature
from tests import keys

VECTORS = Path(__file__).parents[1] / "vectors" / "wycheproof"
PAGE = Path(__file__).parents[2] / "docs" / "wycheproof.md"
FILES = ("json_web_signature_test", "json_web_key_test", "json_web_crypto_test")

# Where we differ from the label, always by refusing what is labelled valid.
SYMMETRIC = "The key is symmetric (HMAC): everybody who can verify with it could sign with it."
PRINTED = "RFC 7520 prints the private half of the key."
MISNAMED = "The JWK names the algorithm ES521, which does not exist: ES512 is meant."
ENCRYPTED = "The token is encrypted (JWE): only signed tokens are accepted."
STRICTER = {
    ("json_web_signature_test", SYMMETRIC): {1, 348, 352, 357, 358, 359, 372, 373, 376, 377},
    ("json_web_signature_test", PRINTED): {345, 346, 349, 350},
    ("json_web_signature_test", MISNAMED): {347, 351},
    ("json_web_key_test", SYMMETRIC): {2, 13, 14, 15},
    ("json_web_crypto_test", SYMMETRIC): {1, 48},
    ("json_web_crypto_test", ENCRYPTED): {50, 67},
}
REFUSED = {(name, case) for (name, _), numbers in STRICTER.items() for case in numbers}


def cases() -> Iterator[Any]:
    for name in FILES:
        for group in json.loads((VECTORS / f"{name}.json").read_text())["testGroups"]:
            published = group.get("public", group["private"])
            for case in group["tests"]:
                token = case.get("jws", case.get("jwe"))
                text = token if isinstance(token, str) else json.dumps(token)
                label = f"{name}-{case['tcId']}"
                expected = case["result"] == "valid" and (name, case["tcId"]) not in REFUSED
                yield pytest.param(published, text, expected, id=label)


def read_keys(published: dict[str, Any]) -> list[VerificationKey]:
    """Read a key, or a set of keys, as if an issuer's JWKS URL had answered it."""
    document = json.dumps({"keys": published.get("keys", [published])})
    try:
        return [from_jwk(jwk) for jwk in read_key_set(document.encode()).keys]
    except NotAKeySet:
        return []


def is_accepted(published: dict[str, Any], text: str) -> bool:
    try:
        verify_signature(parse_compact(text), read_keys(published), keys.ALGORITHMS)
    except TokenRefused:
        return False
    return True


def test_every_case_is_here():
    assert len(list(cases())) == 401 + 26 + 83


@pytest.mark.parametrize(("published", "text", "expected"), list(cases()))
def test_case_of_wycheproof(published, text, expected):
    assert is_accepted(published, text) is expected


def test_only_valid_cases_are_refused_on_purpose():
    labels = {
        (name, case["tcId"]): case["result"]
        for name in FILES
        for group in json.loads((VECTORS / f"{name}.json").read_text())["testGroups"]
        for case in group["tests"]
    }

    assert {labels[case] for case in REFUSED} == {"valid"}


def test_the_page_lists_each_difference():
    rows = {
        f"| `{name}` | {', '.join(map(str, sorted(numbers)))} | {reason} |"
        for (name, reason), numbers in STRICTER.items()
    }

    assert rows == {row for row in PAGE.read_text().splitlines() if row.startswith("| `json")}
