"""
The one place that fetches anything from anybody (KY-01, KY-02).

https only, one address that was checked and is then connected to, no redirects, no proxies, no
cookies; and limits on time and size that no server can stretch.
"""

import zlib
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import quote_plus

import requests
import urllib3

from connections.addresses import fetch_problem
from connections.guard import Guard, GuardedAdapter, NotPublic, OutOfTime

USER_AGENT = "Agio (JWKS)"
JSON_TYPES = "application/json, application/jwk-set+json"
# What a token endpoint answers in JSON: a token, or what was wrong (RFC 6749 5.1, 5.2).
TOKEN_STATUS = (HTTPStatus.OK, HTTPStatus.BAD_REQUEST, HTTPStatus.UNAUTHORIZED)
GZIP = 16 + zlib.MAX_WBITS


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a fetch may take, in seconds, and how much it may bring, in bytes."""

    connect: float = 3.0
    read: float = 5.0
    total: float = 8.0
    size: int = 262_144


class FetchFailed(Exception):
    """Say in a sentence for an administrator why a document could not be had."""


class AnotherDocument(FetchFailed):
    """Say in a sentence what answers there in place of a JSON document."""


def fetch_json(url: str, *, allow_local: bool, limits: Limits = Limits()) -> bytes:
    """
    Return the body of a JSON document, after decompression.

    `allow_local` lets loopback be fetched over http, for development. Raises FetchFailed.
    """
    return _fetch(url, allow_local, limits, requests.Request("GET", url), (HTTPStatus.OK,))


def post_form(
    url: str,
    form: Mapping[str, str],
    *,
    basic: tuple[str, str] | None,
    allow_local: bool,
    limits: Limits = Limits(),
) -> bytes:
    """
    Send a form to a token endpoint, and return the JSON it answers with, also a refusal.

    `basic` is client ID and secret for the header (RFC 6749 2.3.1). Raises FetchFailed.
    """
    request = requests.Request("POST", url, data=dict(form))
    if basic:
        pair = ":".join(quote_plus(part) for part in basic).encode()
        request.headers["Authorization"] = f"Basic {b64encode(pair).decode()}"
    return _fetch(url, allow_local, limits, request, TOKEN_STATUS)


def _fetch(
    url: str, allow_local: bool, limits: Limits, request: requests.Request, good: Sequence[int]
) -> bytes:
    if problem := fetch_problem(url, allow_local=allow_local):
        raise FetchFailed(str(problem))
    with Guard(limits.connect, limits.total, allow_local=allow_local) as guard:
        try:
            return _ask(request, guard, limits, good)
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as problem:
            raise FetchFailed(_sentence(problem, guard, limits)) from None


def _ask(request: requests.Request, guard: Guard, limits: Limits, good: Sequence[int]) -> bytes:
    with requests.Session() as session:
        session.trust_env = False  # no proxy, no .netrc, no certificate bundle from outside
        session.mount("https://", GuardedAdapter(guard))
        session.mount("http://", GuardedAdapter(guard))
        request.headers |= {
            "Accept": JSON_TYPES,
            "Accept-Encoding": "identity",
            "User-Agent": USER_AGENT,
        }
        prepared = session.prepare_request(request)
        patience = (limits.connect, limits.read)
        with session.send(
            prepared, timeout=patience, allow_redirects=False, stream=True, proxies={}
        ) as response:
            guard.check()  # a head that was cut off at the deadline looks like a short one
            _check_head(response, good)
            return _body(response, guard, limits)


def _check_head(response: requests.Response, good: Sequence[int]) -> None:
    if response.is_redirect:
        raise AnotherDocument("It answers with a redirect: enter the address that it leads to.")
    if response.status_code not in good:
        raise FetchFailed(f"It answers with the status {response.status_code}.")
    media_type = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if media_type != "application/json" and not media_type.endswith("+json"):
        raise AnotherDocument("It does not answer with JSON, but with another media type.")


def _body(response: requests.Response, guard: Guard, limits: Limits) -> bytes:
    """Read the body piece by piece, and stop at the limit instead of after it."""
    body = b""
    while piece := response.raw.read1(65_536, decode_content=False):
        body += piece
        if len(body) > limits.size:
            raise FetchFailed(f"It is larger than {limits.size} bytes.")
    guard.check()  # a socket that the guard has shut looks like the end
    return _decompressed(body, response.headers.get("Content-Encoding", "identity"), limits)


def _decompressed(body: bytes, encoding: str, limits: Limits) -> bytes:
    """Undo gzip within the limit: a bomb is stopped while it is still small (AT-079)."""
    if encoding.strip().lower() == "identity":
        return body
    if encoding.strip().lower() != "gzip":
        raise FetchFailed("It is compressed, though we asked for it as it is.")
    try:
        plain = zlib.decompressobj(GZIP).decompress(body, limits.size + 1)
    except zlib.error:
        raise FetchFailed("It says that it is compressed with gzip, and is not.") from None
    if len(plain) > limits.size:
        raise FetchFailed(f"It is larger than {limits.size} bytes after decompression.")
    return plain


def _sentence(problem: Exception, guard: Guard, limits: Limits) -> str:
    """Name the cause in plain words; what a stranger's server said is not repeated."""
    cause: BaseException | None = problem
    while cause is not None:
        if isinstance(cause, NotPublic | OutOfTime):
            return str(cause)
        cause = cause.__cause__ or cause.__context__
    if guard.is_over:
        return f"It did not answer within {limits.total:g} seconds."
    if isinstance(problem, requests.exceptions.SSLError):
        return "Its TLS certificate or version is not acceptable."
    if isinstance(problem, requests.Timeout):
        return f"It did not answer within {limits.read:g} seconds."
    return "It cannot be reached, or breaks the connection."
