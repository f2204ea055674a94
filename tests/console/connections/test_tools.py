"""Read metadata, test a JWKS URL, read certificates: with htmx, and as part of a form."""

from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from django.core.files.uploadedfile import SimpleUploadedFile

from connections.models import Connection
from tests import keys
from tests.console.connections.conftest import (
    BY_URL,
    GENERAL,
    Wizard,
    by_certificate,
    private_pem,
)

DISCOVER = "/console/tools/discover/"
TEST = "/console/tools/jwks-test/"
READ = "/console/tools/parse-certificate/"


def metadata(server, **changes):
    """Return metadata of the issuer."""
    return {"issuer": server.url, "jwks_uri": f"{server.url}/keys"} | changes


def upload(content: bytes, name: str = "idp.der") -> SimpleUploadedFile:
    """Return a file as a browser sends it."""
    return SimpleUploadedFile(name, content)


def test_metadata_fills_in_the_next_step(wizard, issuer):
    issuer.answers(metadata(issuer, id_token_signing_alg_values_supported=["PS512", "none"]))

    page = wizard.send("general", GENERAL | {"issuer": issuer.url}, "discover")

    assert "The next step is filled in." in page.content.decode()
    kept = wizard.draft.values
    assert kept["general"]["name"] == "Northwind"
    assert kept["keys"]["jwks_uri"] == f"{issuer.url}/keys"
    assert kept["keys"]["algorithms"] == ["PS512"]
    following = wizard.send("general", GENERAL | {"issuer": issuer.url}).content.decode()
    assert f'value="{issuer.url}/keys"' in following


def test_metadata_is_read_beside_the_page_too(wizard, console, issuer):
    issuer.answers(metadata(issuer))

    answer = console.post(DISCOVER, {"issuer": issuer.url, "draft": wizard.pk})

    assert "The next step is filled in." in answer.content.decode()
    assert wizard.draft.values["keys"]["algorithms"] == ["ES256", "RS256"]


def test_the_exact_issuer_is_offered_and_taken_by_a_click(wizard, issuer):
    exact = f"{issuer.url}/"
    issuer.answers(metadata(issuer, issuer=exact))
    page = wizard.send("general", GENERAL | {"issuer": issuer.url}, "discover").content.decode()
    assert f'name="issuer_instead" value="{exact}"' in page
    assert "keys" not in wizard.draft.values

    page = wizard.send("general", GENERAL, "", issuer_instead=exact).content.decode()

    assert f'value="{exact}"' in page
    assert "The next step is filled in." in page
    assert wizard.draft.values["general"]["issuer"] == exact


def test_metadata_of_another_issuer_fills_in_nothing(wizard, issuer):
    issuer.answers(metadata(issuer, issuer="https://evil.example"))

    page = wizard.send("general", GENERAL | {"issuer": issuer.url}, "discover").content.decode()

    assert "another issuer: https://evil.example" in page
    assert "keys" not in wizard.draft.values


def test_metadata_fills_in_no_draft_of_somebody_else(wizard, client, issuer, django_user_model):
    client.force_login(django_user_model.objects.create_superuser("other"))
    issuer.answers(metadata(issuer))

    answer = client.post(DISCOVER, {"issuer": issuer.url, "draft": wizard.pk})

    assert answer.status_code == 404
    assert wizard.draft.values == {}


@pytest.mark.parametrize("draft", ["", "no-uuid", "\0"])
def test_metadata_is_shown_without_a_draft(console, issuer, draft):
    issuer.answers(metadata(issuer))

    answer = console.post(DISCOVER, {"issuer": issuer.url, "draft": draft})

    assert f"{issuer.url}/keys" in answer.content.decode()


def test_the_keys_at_a_url_are_shown_with_what_we_think_of_them(console, issuer):
    hostile = {"kty": "oct", "k": "c2VjcmV0", "kid": "<script>"}
    issuer.answers({"keys": [keys.jwk(), hostile]})

    page = console.post(TEST, {"jwks_uri": issuer.server.url}).content.decode()

    assert "1 usable key found" in page
    assert "Answered in" in page
    assert "acme-RS256" in page
    assert "&lt;script&gt;" in page
    assert "<script>" not in page


@pytest.mark.parametrize(
    ("document", "content_type", "cause"),
    [
        (b"<html>Sign in</html>", "text/html", "not answer with JSON"),
        (b"{", "application/json", "not a JSON object"),
        ({"keys": []}, "application/json", "no key that we can use"),
        ({}, "application/json", "no list of keys"),
    ],
)
def test_a_url_without_keys_says_why(console, issuer, document, content_type, cause):
    issuer.answers(document, content_type)

    assert cause in console.post(TEST, {"jwks_uri": issuer.server.url}).content.decode()


def test_metadata_at_the_jwks_url_offers_the_url_it_names(wizard, issuer):
    wizard.send("general", GENERAL)
    issuer.answers(metadata(issuer))

    page = wizard.send("keys", BY_URL | {"jwks_uri": issuer.server.url}, "test").content.decode()
    assert f'name="jwks_uri_instead" value="{issuer.url}/keys"' in page
    wizard.send("keys", BY_URL, "", jwks_uri_instead=f"{issuer.url}/keys")

    assert wizard.draft.values["keys"]["jwks_uri"] == f"{issuer.url}/keys"


def test_nothing_inside_is_fetched(console):
    page = console.post(TEST, {"jwks_uri": "https://169.254.169.254/latest"}).content.decode()

    assert "numeric addresses are not fetched" in page


@pytest.mark.parametrize(
    ("url", "message"),
    [(TEST, "Enter the JWKS URL."), (DISCOVER, "Enter the issuer URL."), (READ, "Choose a file")],
)
def test_a_tool_without_input_says_what_to_enter(console, url, message):
    assert message in console.post(url, {}).content.decode()


@pytest.mark.parametrize("encoding", [Encoding.DER, Encoding.PEM])
def test_a_file_of_any_format_is_read_and_joins_what_is_pasted(console, encoding):
    pasted = keys.certificate("ES256")
    new = x509.load_pem_x509_certificate(keys.certificate().encode()).public_bytes(encoding)

    page = console.post(READ, {"certificates": pasted, "certificate_file": upload(new)})

    text = page.content.decode()
    assert text.count("-----BEGIN CERTIFICATE-----\n") == 2
    assert "<strong>idp.der</strong> was read" in text
    for shown in ("CN=acme ES256", "CN=acme RS256", "RSA 2048", "364 days left"):
        assert shown in text


def test_a_file_is_taken_by_next_too(wizard):
    wizard.send("general", GENERAL)

    wizard.send("keys", by_certificate(), certificate_file=upload(keys.certificate().encode()))

    assert "BEGIN CERTIFICATE" in wizard.draft.values["keys"]["certificates"]
    wizard.finish()
    assert Connection.objects.get().certificates.count() == 1


def test_an_expired_certificate_is_shown_as_such(console):
    old = keys.certificate(starts=timedelta(days=-9), ends=timedelta(days=-2))

    assert "Expired" in console.post(READ, {"certificates": old}).content.decode()


@pytest.mark.parametrize("in_file", [True, False])
def test_a_private_key_is_refused_and_not_shown_again(console, in_file):
    secret = private_pem()
    sent = {"certificate_file": upload(secret.encode())} if in_file else {"certificates": secret}

    text = console.post(READ, sent).content.decode()

    assert "It contains a private key" in text
    assert secret.splitlines()[5] not in text


def test_what_is_pasted_stays_where_the_file_is_refused(console):
    pasted = keys.certificate()

    sent = {"certificates": pasted, "certificate_file": upload(private_pem().encode())}
    text = console.post(READ, sent).content.decode()

    assert "private key" in text
    assert pasted.splitlines()[3] in text


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"x" * 100_001, "is larger than 100 kB"),
        (b"", "It is empty"),
        (b"hello", "text without a certificate"),
        (b"\0\1\2", "idp.der: "),
    ],
)
def test_a_file_that_is_no_certificate_says_why(console, content, message):
    assert message in console.post(READ, {"certificate_file": upload(content)}).content.decode()


def test_tools_can_be_used_thirty_times_a_minute_by_each(console, client, django_user_model):
    for _number in range(30):
        assert console.post(TEST, {"jwks_uri": "x"}).status_code == 200

    for url in (TEST, DISCOVER, READ):
        answer = console.post(url, {"certificates": keys.certificate()})
        assert answer.status_code == 422
        assert "Wait a minute" in answer.content.decode()
    client.force_login(django_user_model.objects.create_superuser("other"))
    assert client.post(TEST, {"jwks_uri": "x"}).status_code == 200


def test_without_javascript_the_limit_holds_too_and_what_was_typed_stays(console):
    wizard = Wizard(console)
    for _number in range(30):
        console.post(TEST, {"jwks_uri": "x"})

    page = wizard.send("general", GENERAL, "discover").content.decode()

    assert "Wait a minute" in page
    assert 'value="Northwind"' in page


@pytest.mark.parametrize("url", [TEST, DISCOVER, READ])
def test_tools_are_for_administrators_and_answer_to_post_only(client, console, bob, url):
    assert console.get(url).status_code == 405
    client.force_login(bob)
    assert client.post(url, {}).status_code == 403


@pytest.mark.parametrize("name", ["issuer_instead", "jwks_uri_instead"])
def test_a_private_key_that_is_offered_instead_is_kept_nowhere(wizard, console, connection, name):
    secret = private_pem()

    page = wizard.send("general" if name == "issuer_instead" else "keys", {}, "", **{name: secret})
    tab = console.post(f"/console/connections/{connection.pk}/", {name: secret})

    line = secret.splitlines()[5]
    assert line not in page.content.decode()
    assert line not in tab.content.decode()
    assert line not in str(wizard.draft.values)
