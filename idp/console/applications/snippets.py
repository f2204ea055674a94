"""
The requests that an application sends, as code to be copied.

Secrets appear as names of variables only, so that none gets into a clipboard, a shell's history or
a document by accident.
"""

import json
import shlex
from collections.abc import Iterator
from dataclasses import dataclass, field
from string import Template
from urllib.parse import quote

from django.conf import settings
from django.utils.functional import Promise

from applications.assertions import ASSERTION_TYPE
from applications.grant_types import CLIENT_CREDENTIALS, TOKEN_EXCHANGE
from applications.models import Application
from connections.algorithms import ALGORITHMS
from idp.addresses import absolute
from idp.exchange.token_types import ACCESS_TOKEN, JWT

Method = Application.Authentication


@dataclass(frozen=True, slots=True)
class Snippet:
    """Code in one language; `key` is its name in the page."""

    key: str
    label: str | Promise
    text: str


@dataclass(slots=True)
class Parameters:
    """A request's form; `variables` of it are names of environment variables, not values."""

    fixed: dict[str, str] = field(default_factory=dict)
    variables: dict[str, str] = field(default_factory=dict)


def exchange_snippets(application: Application) -> list[Snippet]:
    """Return a token exchange in every language."""
    request = _authenticated(application, _exchange(application))
    return [
        Snippet("curl", "curl", _curl(application, request)),
        Snippet("python", "Python", _python(application, request)),
        Snippet("httpie", "HTTPie", _httpie(application, request)),
    ]


def first_request(application: Application) -> str:
    """Return a first request to try, for curl; empty where the application may do nothing."""
    if application.allows_grant_type(TOKEN_EXCHANGE):
        return _curl(application, _authenticated(application, _exchange(application)))
    if application.allows_grant_type(CLIENT_CREDENTIALS):
        fixed = {"grant_type": CLIENT_CREDENTIALS} | _scope(application)
        return _curl(application, _authenticated(application, Parameters(fixed)))
    return ""


def _exchange(application: Application) -> Parameters:
    fixed = {
        "grant_type": TOKEN_EXCHANGE,
        "subject_token_type": JWT,
        "requested_token_type": ACCESS_TOKEN,
    }
    fixed |= _scope(application)
    if application.audiences:
        fixed["audience"] = min(application.audiences)
    return Parameters(fixed, {"subject_token": "SUBJECT_TOKEN"})


def _scope(application: Application) -> dict[str, str]:
    return {"scope": " ".join(sorted(application.scopes))} if application.scopes else {}


def _authenticated(application: Application, request: Parameters) -> Parameters:
    """Add what proves who is calling, where that is in the form (RFC 6749 2.3.1, RFC 7523 2.2)."""
    if application.authentication_method == Method.BASIC:
        return request
    request.fixed |= {"client_id": application.client_id}
    if application.authentication_method == Method.POST:
        request.variables |= {"client_secret": "CLIENT_SECRET"}
    elif application.authentication_method == Method.PRIVATE_KEY_JWT:
        request.fixed |= {"client_assertion_type": ASSERTION_TYPE}
        request.variables |= {"client_assertion": "CLIENT_ASSERTION"}
    return request


def _username(application: Application) -> str:
    """Return the client ID as the Authorization header has it, form-encoded (RFC 6749 2.3.1)."""
    return quote(application.client_id, safe="")


def _curl(application: Application, request: Parameters) -> str:
    lines = [f"curl {shlex.quote(absolute('token'))}"]
    if application.authentication_method == Method.BASIC:
        lines.append(f'--user "{_username(application)}:$CLIENT_SECRET"')
    for name, value in request.fixed.items():
        lines.append(f"--data-urlencode {_single(f'{name}={value}')}")
    for name, variable in request.variables.items():
        lines.append(f'--data-urlencode "{name}=${variable}"')
    return " \\\n  ".join(lines)


def _httpie(application: Application, request: Parameters) -> str:
    lines = ["http --form"]
    if application.authentication_method == Method.BASIC:
        lines.append(f'--auth "{_username(application)}:$CLIENT_SECRET"')
    lines.append(f"POST {shlex.quote(absolute('token'))}")  # HTTPie wants options before it
    for name, value in request.fixed.items():
        lines.append(_single(f"{name}={_after_equals(value)}"))
    for name, variable in request.variables.items():
        lines.append(f'"{name}=${variable}"')
    return " \\\n  ".join(lines)


def _after_equals(value: str) -> str:
    """Escape a beginning that HTTPie would take for a part of its separator: `==`, `=@`."""
    return f"\\{value}" if value[:1] in {"=", "@"} else value


def _single(text: str) -> str:
    """Quote for a shell, also where it is not needed: what is pasted is edited later."""
    quoted = shlex.quote(text)
    return quoted if quoted.startswith("'") else f"'{quoted}'"


PYTHON = Template(
    """\
import os
$imports
import requests
$prelude
response = requests.post(
    $url,$auth
    data={
$data
    },
    timeout=10,
)
response.raise_for_status()
print(response.json()["access_token"])"""
)
ASSERTION = Template(
    """
now = int(time.time())
claims = {
    "iss": $client_id,
    "sub": $client_id,
    "aud": $issuer,
    "jti": str(uuid.uuid4()),
    "iat": now,
    "exp": now + 60,
}
assertion = jwt.encode(
    claims, os.environ["PRIVATE_KEY"], algorithm=$algorithm, headers=$headers
)
"""
)


def _python(application: Application, request: Parameters) -> str:
    signs = application.authentication_method == Method.PRIVATE_KEY_JWT
    auth = f'\n    auth=({json.dumps(_username(application))}, os.environ["CLIENT_SECRET"]),'
    return PYTHON.substitute(
        imports="import time\nimport uuid\n\nimport jwt  # PyJWT" if signs else "",
        prelude=_assertion(application) if signs else "",
        url=json.dumps(absolute("token")),
        auth=auth if application.authentication_method == Method.BASIC else "",
        data="\n".join(_python_members(request)),
    )


def _python_members(request: Parameters) -> Iterator[str]:
    for name, value in request.fixed.items():
        yield f'        "{name}": {json.dumps(value)},'
    for name, variable in request.variables.items():
        source = "assertion" if name == "client_assertion" else f'os.environ["{variable}"]'
        yield f'        "{name}": {source},'


def _assertion(application: Application) -> str:
    key = next(iter(application.jwks), {})
    headers = {"kid": key["kid"]} if "kid" in key else {}
    return ASSERTION.substitute(
        client_id=json.dumps(application.client_id),
        issuer=json.dumps(settings.ISSUER),
        algorithm=json.dumps(_algorithm(key)),
        headers=json.dumps(headers, ensure_ascii=False),
    )


def _algorithm(key: dict[str, str]) -> str:
    """Return what signs with the key: its `alg`, else the first that fits its kind."""
    wanted = (key.get("kty"), key.get("crv", ""))
    fitting = (name for name, each in ALGORITHMS.items() if (each.kty, each.crv) == wanted)
    return key.get("alg") or next(fitting, "ES256")
