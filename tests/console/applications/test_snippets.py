"""The code to be copied is literally right: it is run, and gets a token."""

import base64
import json
import os
import shlex
import subprocess
from urllib.parse import urlencode

import pytest

from applications import secrets
from applications.grant_types import CLIENT_CREDENTIALS, TOKEN_EXCHANGE
from applications.models import Application
from idp.console.applications.snippets import exchange_snippets, first_request
from tests import keys
from tests.fixtures import FORM, SECRET, change

AWKWARD = "https://orders:8443/it's$HOME/`x`!a=b&c%20+#~*"
METHODS = {
    "client_secret_basic": {},
    "client_secret_post": {},
    "none": {"type": "mobile", "secret_digest": ""},
    "private_key_jwt": {"jwks": [keys.jwk("RS256", "orders")], "secret_digest": ""},
}


@pytest.fixture(params=METHODS)
def prepared(request, application, connection):
    """Return an application that authenticates in one of the ways."""
    change(application, authentication_method=request.param, **METHODS[request.param])
    return application


@pytest.fixture
def awkward(application, connection):
    """Return an application whose names are full of what shells and formats take for their own."""
    change(
        application,
        client_id=AWKWARD,
        scopes=frozenset({"a'b", "$HOME", "@x", "`id`"}),
        audiences=frozenset({"=odd:it's$HOME@x;y"}),
    )
    return application


def code(application, key: str) -> str:
    return next(each.text for each in exchange_snippets(application) if each.key == key)


def assertion(client_id: str) -> str:
    """Return what the application signs."""
    claims = {"iss": client_id, "sub": client_id, "jti": "once"}
    return keys.sign(signed_by="orders", **claims)


def environment(application) -> dict[str, str]:
    return {
        "CLIENT_SECRET": SECRET,
        "SUBJECT_TOKEN": keys.sign(),
        "CLIENT_ASSERTION": assertion(application.client_id),
        "PATH": os.environ["PATH"],
        "HOME": "/nowhere",
    }


def arguments(command: str, application) -> list[str]:
    """Return what a shell would start: the arguments, with the variables put in."""
    printing = f"{command.split(' ', 1)[0]}() {{ printf '%s\\0' \"$@\"; }}; {command}"
    shell = ["bash", "-c", printing]
    run = subprocess.run(shell, env=environment(application), capture_output=True, check=True)
    return run.stdout.decode().split("\0")[:-1]


def sent_by_curl(command: str, application) -> tuple[str, list[tuple[str, str]], str]:
    """Return address, form and credentials that curl would send."""
    address, *rest = arguments(command, application)
    options = list(zip(rest[::2], rest[1::2], strict=True))
    form = [tuple(v.split("=", 1)) for name, v in options if name == "--data-urlencode"]
    users = [value for name, value in options if name == "--user"]
    assert {name for name, _ in options} <= {"--data-urlencode", "--user"}
    return address, form, "".join(users)


def answer_to(client, address, form, user):
    assert address == "https://id.ours.example/oauth2/token"
    headers = {}
    if user:
        headers["HTTP_AUTHORIZATION"] = "Basic " + base64.b64encode(user.encode()).decode()
    return client.post("/oauth2/token", urlencode(form), FORM, **headers)


def test_curl_gets_a_token(client, prepared):
    answer = answer_to(client, *sent_by_curl(code(prepared, "curl"), prepared))

    assert answer.status_code == 200, answer.content
    assert "access_token" in answer.json()
    assert answer.json()["scope"] == "orders.read orders.write"


def test_curl_gets_a_token_whatever_the_names_are(client, awkward):
    answer = answer_to(client, *sent_by_curl(code(awkward, "curl"), awkward))

    assert answer.status_code == 200, answer.content


def test_httpie_sends_the_same_as_curl(prepared):
    check_httpie(prepared)


def test_httpie_sends_the_same_whatever_the_names_are(awkward):
    check_httpie(awkward)


@pytest.mark.parametrize("odd", ["=x", "@/etc/passwd"])
def test_httpie_takes_no_part_of_a_value_for_its_separator(application, odd):
    change(application, audiences=frozenset({odd}))

    assert f"'audience=\\{odd}'" in code(application, "httpie")


def check_httpie(application):
    _address, form, user = sent_by_curl(code(application, "curl"), application)
    options = arguments(code(application, "httpie"), application)

    start = options.index("POST")  # options come before it: HTTPie refuses them between
    assert options[:start] == ["--form", *(["--auth", user] if user else [])]
    address, *items = options[start + 1 :]
    assert address == "https://id.ours.example/oauth2/token"
    assert [tuple(item.replace("=\\", "=", 1).split("=", 1)) for item in items] == form


class Requests:
    """Stand in for the library: what it would send is sent to the server under test."""

    def __init__(self, client):
        self.client = client

    def post(self, address, *, data, timeout, auth=None):
        """Send a form."""
        user = ":".join(auth) if auth else ""
        self.answer = answer_to(self.client, address, list(data.items()), user)
        self.answer.raise_for_status = lambda: None
        return self.answer


def test_python_gets_a_token(prepared, client, monkeypatch, capsys):
    run_python(prepared, client, monkeypatch)

    assert capsys.readouterr().out.count(".") == 2  # a JWT


def test_python_gets_a_token_whatever_the_names_are(awkward, client, monkeypatch, capsys):
    run_python(awkward, client, monkeypatch)

    assert capsys.readouterr().out.count(".") == 2


def run_python(application, client, monkeypatch):
    from cryptography.hazmat.primitives import serialization

    pem = keys.private_key("RS256", "orders").private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    monkeypatch.setitem(os.environ, "PRIVATE_KEY", pem.decode())
    for name, value in environment(application).items():
        monkeypatch.setitem(os.environ, name, value)
    source = code(application, "python").replace("import requests\n", "")
    exec(compile(source, "snippet", "exec"), {"requests": Requests(client)})  # noqa: S102


def test_python_needs_pyjwt_only_to_sign(application):
    assert "jwt" not in code(application, "python").replace("token-type:jwt", "")


@pytest.mark.parametrize("alg", ["ES256", "ES384", "EdDSA", "PS256"])
def test_python_signs_with_what_fits_the_key(application, alg):
    jwk = keys.jwk(alg, "orders", alg=None if alg != "PS256" else alg)
    change(application, authentication_method="private_key_jwt", jwks=[jwk], secret_digest="")

    source = code(application, "python")

    assert f'algorithm="{alg}"' in source
    assert json.dumps({"kid": jwk["kid"]}) in source


def test_no_snippet_has_a_secret_in_it(prepared):
    secret = secrets.rotate_secret(prepared)

    for snippet in exchange_snippets(prepared):
        assert secret not in snippet.text
        assert prepared.secret_tail not in snippet.text


def test_a_machine_without_token_exchange_is_shown_its_own_grant(client, application):
    change(application, type=Application.Type.MACHINE, grant_types={CLIENT_CREDENTIALS})

    answer = answer_to(client, *sent_by_curl(first_request(application), application))

    assert answer.status_code == 200, answer.content


def test_an_application_that_may_do_nothing_is_shown_no_request(application):
    change(application, grant_types=frozenset())

    assert first_request(application) == ""


def test_the_page_has_the_code_in_every_language(console, application):
    page = console.get(f"/console/applications/{application.pk}/exchange/").content.decode()

    for key in ("curl", "python", "httpie"):
        assert f'class="ui-snippet ui-snippet-{key}"' in page
    assert page.count("$CLIENT_SECRET") >= 2
    assert shlex.split("curl")[0] in page
    assert TOKEN_EXCHANGE in page
