"""
Read a compact JWS strictly, before anything in it is believed (RFC 7515 3.1, RFC 8725 3).

Pure: no Django. The order is size, shape, JSON, header; no key and no address is looked at here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from connections import base64url
from connections.excerpt import excerpt
from connections.refusal import TokenRefused
from connections.strict_json import NotStrict, parse_object

MAXIMUM_LENGTH = 16 * 1024
MAXIMUM_KID_LENGTH = 256
# The first second of the year 10000: nothing on our side can write a later date.
END_OF_TIME = 253_402_300_800


@dataclass(frozen=True, slots=True)
class CompactJws:
    """A JWS whose header follows our rules. Its payload may be anything, and nothing is proved."""

    header: Mapping[str, Any]
    payload: bytes
    signing_input: bytes
    signature: bytes
    parameter: str


@dataclass(frozen=True, slots=True)
class UnverifiedToken:
    """
    A well-formed JWT that proves nothing yet.

    `parameter` is the request parameter that carried it, for the sentences of refusals.
    """

    header: Mapping[str, Any]
    claims: Mapping[str, Any]
    signing_input: bytes
    signature: bytes
    parameter: str = "subject_token"


class _Malformed(Exception):
    """Carry reason and predicate of a refusal to where the name of the parameter is known."""

    def __init__(self, problem: str, predicate: str, *, found: object = "", wanted: object = ""):
        super().__init__(problem)
        self.problem = problem
        self.predicate = predicate
        self.found = found
        self.wanted = wanted


def parse(text: str, *, parameter: str = "subject_token") -> UnverifiedToken:
    """
    Read a JWT in compact serialization.

    Raises TokenRefused with a reason `format.…` for everything else, and nothing but that.
    """
    jws = parse_compact(text, parameter=parameter)
    try:
        claims = _object(jws.payload, "payload")
    except _Malformed as malformed:
        raise _refusal(malformed, parameter) from None
    return UnverifiedToken(jws.header, claims, jws.signing_input, jws.signature, parameter)


def parse_compact(text: str, *, parameter: str = "subject_token") -> CompactJws:
    """
    Read a compact JWS with any payload.

    Raises TokenRefused with a reason `format.…`.
    """
    try:
        check_size(text)
        encoded_header, encoded_payload, encoded_signature = _split(text)
        header = _object(_octets(encoded_header, "header"), "header")
        payload = _octets(encoded_payload, "payload")
        signature = _octets(encoded_signature, "signature")
        check_header(header)
    except _Malformed as malformed:
        raise _refusal(malformed, parameter) from None
    signing_input = text[: text.rindex(".")].encode("ascii")
    return CompactJws(header, payload, signing_input, signature, parameter)


def numeric_date(value: object) -> int | float:
    """
    Return a NumericDate, in seconds since 1970 (RFC 7519 2).

    Raises ValueError for what is not a finite JSON number from 1970 to the year 9999.
    """
    # A bool is an int to Python, and every comparison with NaN is false.
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError("not a number")
    if not 0 <= value < END_OF_TIME:
        raise ValueError("out of range")
    return value


def refusal(
    jws: CompactJws | UnverifiedToken,
    reason: str,
    predicate: str,
    found: object = "",
    wanted: object = "",
) -> TokenRefused:
    """Make a refusal whose sentence names the request parameter: “The subject_token …”."""
    sentence = f"The {jws.parameter} {predicate}"
    return TokenRefused(reason, sentence, found=excerpt(found), wanted=excerpt(wanted))


def check_size(text: str) -> None:
    """Refuse what is too long, before any work is done on it."""
    if len(text) > MAXIMUM_LENGTH:
        predicate = f"is longer than {MAXIMUM_LENGTH} characters."
        raise _Malformed("too-long", predicate, found=len(text), wanted=MAXIMUM_LENGTH)


def check_header(header: Mapping[str, Any]) -> None:
    """Refuse headers that ask for what we do not do. `jwk`, `jku`, `x5u`, `x5c` are never read."""
    if "crit" in header:
        predicate = "has the header parameter crit: no critical extension is supported."
        raise _Malformed("critical-extension", predicate, found=excerpt(header["crit"]))
    if "b64" in header:
        predicate = "has the header parameter b64: an unencoded payload is not supported."
        raise _Malformed("unencoded-payload", predicate, found=excerpt(header["b64"]))
    _check_text(header, "alg", "algorithm")
    if "kid" in header:
        _check_text(header, "kid", "key-id")
        if len(header["kid"]) > MAXIMUM_KID_LENGTH:
            predicate = f"has a kid of more than {MAXIMUM_KID_LENGTH} characters."
            raise _Malformed("key-id", predicate, found=excerpt(header["kid"]))
    if "typ" in header:
        _check_text(header, "typ", "type")


def _check_text(header: Mapping[str, Any], name: str, problem: str) -> None:
    if name not in header:
        raise _Malformed(problem, f"has no {name} in its header.", wanted=name)
    if not isinstance(header[name], str):
        predicate = f"has a header in which {name} is not a string."
        raise _Malformed(problem, predicate, found=excerpt(header[name]), wanted="a string")


def _split(text: str) -> list[str]:
    """Take the three parts of a compact JWS apart."""
    parts = text.count(".") + 1
    if parts == 5:
        predicate = "is encrypted (JWE): only signed tokens (JWS) are accepted."
        raise _Malformed("encrypted", predicate, found="5 parts", wanted="3 parts")
    if parts != 3:
        predicate = (
            "is not a JWT in compact serialization: that has three parts with a dot between them."
        )
        raise _Malformed("not-compact", predicate, found=f"{parts} parts", wanted="3 parts")
    header, payload, signature = text.split(".")
    if not header or not signature:
        part = "signature" if header else "header"
        raise _Malformed("not-compact", f"has an empty {part}.", wanted="3 parts")
    return [header, payload, signature]


def _octets(text: str, part: str) -> bytes:
    try:
        return base64url.decode(text)
    except ValueError:
        predicate = (
            f"has a {part} that is not base64url: only letters, digits, - and _ without padding."
        )
        raise _Malformed("not-base64url", predicate, found=part) from None


def _object(octets: bytes, part: str) -> dict[str, Any]:
    try:
        return parse_object(octets)
    except NotStrict as problem:
        predicate = f"has a {part} that {problem}."
        raise _Malformed(f"bad-{part}", predicate, found=problem, wanted="a JSON object") from None


def _refusal(malformed: _Malformed, parameter: str) -> TokenRefused:
    return TokenRefused(
        f"format.{malformed.problem}",
        f"The {parameter} {malformed.predicate}",
        found=malformed.found,
        wanted=malformed.wanted,
    )
