"""How a request must look before anything in it counts (TE-01 to TE-08, TE-22 to TE-24, TE-26)."""

import json
import re
from urllib.parse import urlencode

import pytest

from applications import grant_types
from tests import keys
from tests.fixtures import FORM, JWT, SECRET, basic

ENDPOINTS = ["/oauth2/token", "/oauth2/introspect", "/oauth2/revoke"]
GOOD_TEXT = re.compile(r"[\x20-\x21\x23-\x5b\x5d-\x7e]*")


@pytest.fixture
def send(client, connection, application):
    """Return a function that sends a good exchange, with its raw parts changed."""

    def post(
        path="/oauth2/token", *, pairs=(), body=None, content_type=FORM, method="post", **headers
    ):
        good = [
            ("grant_type", grant_types.TOKEN_EXCHANGE),
            ("subject_token", keys.sign()),
            ("subject_token_type", JWT),
            *pairs,
        ]
        headers = {"HTTP_AUTHORIZATION": basic("orders", SECRET)} | headers
        data = urlencode(good) if body is None else body
        return client.generic(method.upper(), path, data, content_type, **headers)

    return post


def refused(response, status=400, error="invalid_request") -> str:
    """Assert a refusal as the RFC wants it; return its description."""
    assert response.status_code == status, response.content
    assert response["Content-Type"] == "application/json"
    assert response["Cache-Control"] == "no-store"
    assert response["Pragma"] == "no-cache"
    answer = response.json()
    assert answer["error"] == error
    assert GOOD_TEXT.fullmatch(answer["error_description"])  # TE-23
    return answer["error_description"]


def test_the_request_of_these_tests_succeeds(send):
    assert send().status_code == 200


@pytest.mark.parametrize("path", ENDPOINTS)
@pytest.mark.parametrize("method", ["get", "put", "patch", "delete", "head", "options"])
def test_only_post_is_answered(send, path, method):  # TE-01
    response = send(path, method=method)

    assert response.status_code == 405
    assert response["Allow"] == "POST"
    assert response["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "content_type",
    ["application/json", "multipart/form-data; boundary=x", "text/plain", "",
     f"{FORM}; charset=utf-16", f"{FORM}; charset=latin-1"],
)  # fmt: skip
def test_only_a_form_in_utf_8_is_read(send, content_type):  # TE-03
    assert "Send the parameters as a form" in refused(send(content_type=content_type))


@pytest.mark.parametrize(
    "content_type", [f"{FORM}; charset=UTF-8", FORM.upper(), f'{FORM};charset="utf-8"']
)
def test_a_form_may_say_that_it_is_utf_8(send, content_type):
    assert send(content_type=content_type).status_code == 200


def test_a_body_of_json_is_told_to_be_a_form(send):
    response = send(body=json.dumps({"grant_type": "x"}), content_type="application/json")

    assert FORM in refused(response)


@pytest.mark.parametrize("query", ["client_secret=s", "subject_token=T", "x", "access_token=a"])
@pytest.mark.parametrize("path", ENDPOINTS)
def test_nothing_is_read_from_the_url(send, path, query):  # TE-04
    assert "URL" in refused(send(f"{path}?{query}"))


def test_a_missing_grant_type_is_an_invalid_request(send):  # TE-05
    refused(send(body="subject_token=x"))


@pytest.mark.parametrize(
    "grant_type",
    ["urn:x", grant_types.TOKEN_EXCHANGE.upper(), "password", "implicit",
     grant_types.TOKEN_EXCHANGE + "\x00", " refresh_token"],
)  # fmt: skip
def test_another_grant_type_is_not_supported(send, grant_type):  # TE-05, MD-04
    response = send(body=urlencode({"grant_type": grant_type}))

    assert "refresh_token" in refused(response, error="unsupported_grant_type")


@pytest.mark.parametrize(
    "name",
    ["grant_type", "client_id", "client_secret", "scope", "subject_token", "subject_token_type",
     "actor_token", "actor_token_type", "requested_token_type", "client_assertion", "unknown"],
)  # fmt: skip
def test_no_parameter_but_target_may_repeat(send, name):  # TE-08
    assert "sent twice" in refused(send(pairs=[(name, "a"), (name, "b")]))


def test_a_good_subject_token_does_not_make_up_for_a_second_one(send):  # TE-08
    refused(send(pairs=[("subject_token", keys.sign())]))


def test_unknown_parameters_are_ignored(send):  # TE-07
    assert send(pairs=[("foo", "bar"), ("options", '{"a": 1}')]).status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        b"grant_type=%ff%fe",
        b"\xff\xfe",
        b"&".join(b"name-%d=1" % number for number in range(100)),
        "grant_type=\ud800".encode(errors="surrogatepass"),
    ],
    ids=["not-utf-8", "raw-bytes", "many", "surrogate"],
)
def test_a_body_that_is_no_form_is_refused(send, body):  # AT-030
    refused(send(body=body))


def test_a_body_that_is_too_large_is_refused_before_it_is_read(send):  # TE-26
    assert "larger than" in refused(send(body=b"subject_token=" + b"x" * 1_000_000))


@pytest.mark.parametrize("length", ["-1", "x", "²", "9" * 5000], ids=lambda text: text[:4])
def test_a_length_that_is_none_is_refused(send, length):  # TE-26
    assert "larger than" in refused(send(CONTENT_LENGTH=length))


def test_a_token_that_is_too_large_is_refused(send):  # TE-26, AT-028
    body = urlencode(
        {"grant_type": grant_types.TOKEN_EXCHANGE, "subject_token": "x" * 20_000,
         "subject_token_type": JWT}
    )  # fmt: skip

    refused(send(body=body))


def test_a_cookie_authenticates_nobody(client, send, bob):  # TE-29
    client.force_login(bob)

    response = send(HTTP_AUTHORIZATION="")

    refused(response, 401, "invalid_client")


def test_no_other_origin_may_read_answers_with_credentials(send):  # TE-29
    response = send(HTTP_ORIGIN="https://evil.example")

    assert "Access-Control-Allow-Credentials" not in response
    assert "Access-Control-Allow-Origin" not in response


def test_another_host_is_refused_or_changes_nothing(client, send, db):  # TE-31
    assert "issuer" in refused(send(HTTP_HOST="evil.example"))
    assert client.get("/oauth2/jwks", headers={"host": "evil.example"}).status_code == 400


def test_plain_http_is_refused_and_not_redirected(send, settings):  # TE-02
    settings.BEHIND_PROXY = True
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

    assert "https" in refused(send(HTTP_X_FORWARDED_PROTO="http"))
    assert "https" in refused(send())
    assert send(HTTP_X_FORWARDED_PROTO="https").status_code == 200


def test_there_is_no_redirect_for_a_slash_too_many(send):  # TE-32
    assert send("/oauth2/token/").status_code == 404


@pytest.mark.parametrize("path", ENDPOINTS)
def test_an_accident_is_told_as_one_and_nothing_else(send, path, monkeypatch):  # TE-22
    def fall(*_anything):
        raise ZeroDivisionError("a detail that is nobody's business")

    monkeypatch.setattr("idp.client._authenticate", fall)

    description = refused(send(path), 500, "server_error")

    assert description == "Something failed here."


def test_answers_do_not_repeat_what_was_sent(send):  # TE-24
    canary = "canary-7f3a"
    names = ["scope", "audience", "resource", "actor_token", "requested_token_type"]

    for name in names:
        response = send(pairs=[(name, canary)])
        assert canary not in response.content.decode()
    assert canary not in send(body=f"grant_type={canary}").content.decode()
