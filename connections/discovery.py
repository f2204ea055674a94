"""
What an issuer says of itself: its metadata, from which a connection can be filled in.

It is only an offer to an administrator: nothing of it is trusted, and nothing is kept.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.utils.translation import gettext as _

from connections.addresses import fetch_problem, issuer_problem
from connections.algorithms import ALGORITHMS
from connections.excerpt import excerpt
from connections.fetch import FetchFailed, Limits, fetch_json
from connections.strict_json import NotStrict, parse_object

USUAL_LIMITS = Limits()
LONGEST_ISSUER, LONGEST_ADDRESS = 255, 500  # as a connection takes them
OPENID = ".well-known/openid-configuration"
OAUTH = ".well-known/oauth-authorization-server"


@dataclass(frozen=True, slots=True)
class Discovery:
    """
    What was found.

    `problem` is a sentence, empty where the metadata is the issuer's own; `suggestion` is the
    issuer that was probably meant, `algorithms` what both sides know.
    """

    jwks_uri: str = ""
    algorithms: Sequence[str] = ()
    problem: str = ""
    suggestion: str = ""
    authorization_endpoint: str = ""
    token_endpoint: str = ""
    answers_with_issuer: bool = False


def discover(issuer: str, *, limits: Limits = USUAL_LIMITS) -> Discovery:
    """Read the metadata of an issuer (OpenID Connect Discovery 4, RFC 8414 3)."""
    local = settings.ALLOW_LOCAL_ISSUERS
    if problem := issuer_problem(issuer, allow_local=local):
        return Discovery(problem=str(problem))
    failures = []
    for url in metadata_urls(issuer):
        try:
            return _judge(issuer, parse_object(fetch_json(url, allow_local=local, limits=limits)))
        except FetchFailed as failure:
            failures.append(f"{url}: {failure}")
        except NotStrict:
            failures.append(_("%(url)s: It is not a JSON object.") % {"url": url})
    return Discovery(problem=" ".join(failures))


def metadata_urls(issuer: str) -> list[str]:
    """Return where the metadata may be: behind the issuer, or between its host and its path."""
    parts = urlsplit(issuer)
    path = parts.path.rstrip("/")
    paths = [f"{path}/{OPENID}", f"/{OAUTH}{path}"]
    return [urlunsplit((parts.scheme, parts.netloc, path, "", "")) for path in paths]


def _judge(issuer: str, metadata: dict[str, object]) -> Discovery:
    named = metadata.get("issuer")
    if named != issuer:
        return _another_issuer(issuer, named)
    jwks_uri, algorithms = metadata.get("jwks_uri"), _algorithms(metadata)
    if not isinstance(jwks_uri, str):
        return Discovery(algorithms=algorithms, problem=_("The metadata names no jwks_uri."))
    if problem := fetch_problem(jwks_uri, allow_local=settings.ALLOW_LOCAL_ISSUERS):
        found = {"url": excerpt(jwks_uri), "problem": problem}
        sentence = _("The metadata names the jwks_uri %(url)s. %(problem)s") % found
        return Discovery(algorithms=algorithms, problem=sentence)
    return Discovery(
        jwks_uri,
        algorithms,
        authorization_endpoint=_address(metadata, "authorization_endpoint"),
        token_endpoint=_address(metadata, "token_endpoint"),
        answers_with_issuer=metadata.get("authorization_response_iss_parameter_supported") is True,
    )


def _address(metadata: dict[str, object], name: str) -> str:
    """Return an address that may be fetched, or nothing."""
    url = metadata.get(name)
    if not isinstance(url, str) or len(url) > LONGEST_ADDRESS:
        return ""
    return "" if fetch_problem(url, allow_local=settings.ALLOW_LOCAL_ISSUERS) else url


def _another_issuer(issuer: str, named: object) -> Discovery:
    """Say whose metadata it is; offer its issuer where only the spelling differs."""
    if not isinstance(named, str):
        return Discovery(problem=_("The metadata names no issuer."))
    if named.rstrip("/").casefold() == issuer.rstrip("/").casefold():
        sentence = _(
            "The issuer calls itself %(named)s. Its tokens say so, too: a slash at the end and "
            "upper and lower case count."
        )
        suggestion = named if len(named) <= LONGEST_ISSUER else ""
        return Discovery(problem=sentence % {"named": excerpt(named)}, suggestion=suggestion)
    sentence = _(
        "The metadata is of another issuer: %(named)s. Look at the claim iss of one of its tokens, "
        "and enter exactly what stands there."
    )
    return Discovery(problem=sentence % {"named": excerpt(named)})


def _algorithms(metadata: dict[str, object]) -> list[str]:
    named = metadata.get("id_token_signing_alg_values_supported")
    return [name for name in ALGORITHMS if isinstance(named, list) and name in named]
