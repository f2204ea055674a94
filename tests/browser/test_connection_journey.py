"""An administrator trusts an issuer by clicking, and makes the mistakes one makes."""

import re
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from playwright.sync_api import Page, expect

from connections.models import Connection
from idp.demo import acme
from idp.models import ConnectionDraft
from tests import keys
from tests.browser.conftest import PASSWORD, sign_in
from tests.browser.pages import assert_good
from tests.ports import free_ports

CREATED = re.compile(r"/console/connections/\d+/")


@pytest.fixture
def issuer(settings) -> Iterator[acme.Issuer]:
    """Serve an issuer's metadata and keys on this machine, and let Agio fetch from here."""
    settings.ALLOW_LOCAL_ISSUERS = True
    (port, _other) = free_ports()
    server = acme.Server(port, settings.ISSUER)
    thread = threading.Thread(target=server.serve_forever, args=[0.01])
    thread.start()
    yield server.issuers[""]
    server.shutdown()
    thread.join()
    server.server_close()


def begin(page: Page) -> None:
    """Come to the first step."""
    page.goto("/console/connections/setup/")
    page.get_by_role("button", name="Set up").click()
    expect(page.get_by_label("Name", exact=True)).to_be_visible()


def click(page: Page, name: str) -> None:
    """Click a button of the page itself."""
    page.locator("main").get_by_role("button", name=name, exact=True).click()


def general(page: Page, issuer: str, name: str = "Acme") -> None:
    """Fill in the first step and go on."""
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_label("Issuer", exact=True).fill(issuer)
    click(page, "Next")


def by_certificate(page: Page) -> None:
    """Choose certificates in the second step."""
    page.get_by_role("radio", name=re.compile("Certificate")).check()


def private_key() -> str:
    key = keys.private_key("ES256")
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def test_from_an_issuers_name_to_a_connection(console, issuer):
    begin(console)
    console.get_by_label("Name", exact=True).fill("Acme")
    console.get_by_label("Issuer", exact=True).fill(issuer.url)
    click(console, "Read OpenID metadata")
    expect(console.locator("#discovered")).to_contain_text(f"{issuer.url}/jwks")
    assert_good(console)
    click(console, "Next")

    expect(console.get_by_label("JWKS URL", exact=True).last).to_have_value(f"{issuer.url}/jwks")
    click(console, "Test URL")
    expect(console.locator("#keys-found")).to_contain_text("acme-ES256")
    assert_good(console)
    click(console, "Next")

    expect(console.locator("main")).to_contain_text(issuer.url)
    assert_good(console)
    click(console, "Finish")

    expect(console).to_have_url(CREATED)
    connection = Connection.objects.get(issuer=issuer.url)
    expect(console.get_by_role("status").first).to_contain_text("Acme")
    assert (connection.name, connection.enabled) == ("Acme", True)


def test_the_whole_wizard_without_javascript(new_context, administrator, issuer, settings):
    context = new_context(java_script_enabled=False)
    sign_in(context, administrator, settings)
    page = context.new_page()
    begin(page)
    page.get_by_label("Name", exact=True).fill("Acme")
    page.get_by_label("Issuer", exact=True).fill(issuer.url)
    click(page, "Read OpenID metadata")
    expect(page.locator("#discovered")).to_contain_text("/jwks")
    click(page, "Next")
    click(page, "Test URL")
    expect(page.locator("#keys-found")).to_contain_text("acme-RS256")
    click(page, "Next")
    click(page, "Finish")
    expect(page).to_have_url(CREATED)

    assert Connection.objects.get().jwks_uri == f"{issuer.url}/jwks"


def test_a_wrong_issuer_is_said_at_its_field_and_nothing_typed_is_lost(console):
    begin(console)
    general(console, "login contoso", name="Contoso")

    expect(console.get_by_role("alert")).to_be_focused()
    expect(console.get_by_label("Issuer", exact=True)).to_have_attribute("aria-invalid", "true")
    expect(console.get_by_label("Issuer", exact=True)).to_have_value("login contoso")
    expect(console.get_by_label("Name", exact=True)).to_have_value("Contoso")
    assert_good(console)


def test_what_was_wrong_goes_when_the_metadata_is_read(console, issuer):
    begin(console)
    click(console, "Next")
    expect(console.get_by_role("alert")).to_be_focused()
    field = console.get_by_label("Issuer", exact=True)
    field.fill(issuer.url)
    click(console, "Read OpenID metadata")
    expect(console.locator("#discovered")).to_contain_text(f"{issuer.url}/jwks")

    expect(console.locator("#problems")).to_have_count(0)
    expect(field).not_to_have_attribute("aria-invalid", "true")


def test_a_page_for_people_is_no_key_set(console, issuer, settings):
    begin(console)
    general(console, issuer.url)
    console.get_by_label("JWKS URL", exact=True).last.fill(f"{settings.ISSUER}/")
    click(console, "Test URL")

    expect(console.locator("#keys-found")).to_contain_text("This is not a key set: it does")
    assert_good(console)


def test_metadata_in_place_of_keys_names_the_keys(console, issuer):
    begin(console)
    general(console, issuer.url)
    field = console.get_by_label("JWKS URL", exact=True).last
    field.fill(f"{issuer.url}/.well-known/openid-configuration")
    click(console, "Test URL")

    expect(console.locator("#keys-found")).to_contain_text(f"{issuer.url}/jwks")


def test_a_certificate_is_shown_before_it_is_saved(console):
    begin(console)
    general(console, "https://login.acme.example")
    by_certificate(console)
    console.get_by_label("Or paste it").fill(keys.certificate("RS256"))
    click(console, "Next")
    expect(console.locator("main")).to_contain_text("SHA-256")
    click(console, "Finish")

    expect(console).to_have_url(CREATED)
    assert Connection.objects.get().certificates.count() == 1


def test_a_certificate_from_a_file_is_read_at_once(console):
    begin(console)
    general(console, "https://login.acme.example")
    by_certificate(console)
    pem = keys.certificate("RS256").encode()
    console.locator("input[type=file]").set_input_files(
        {"name": "acme.cer", "mimeType": "application/pkix-cert", "buffer": pem}
    )

    expect(console.locator("#certificates-block")).to_contain_text("SHA-256")
    expect(console.get_by_label("Or paste it")).to_have_value(re.compile("BEGIN CERTIFICATE"))
    assert_good(console)


def test_an_expired_certificate_is_refused_and_says_when_it_ended(console):
    begin(console)
    general(console, "https://login.acme.example")
    by_certificate(console)
    ended = datetime.now(UTC) - timedelta(days=9)
    old = keys.certificate("RS256", starts=timedelta(days=-90), ends=timedelta(days=-9))
    console.get_by_label("Or paste it").fill(old)
    click(console, "Next")

    expect(console.get_by_role("alert")).to_contain_text(f"{ended:%Y-%m-%d}")
    expect(console.get_by_label("Or paste it")).to_have_value(re.compile("BEGIN CERTIFICATE"))


def test_a_private_key_is_refused_not_kept_and_not_shown_again(console):
    begin(console)
    general(console, "https://login.acme.example")
    by_certificate(console)
    secret = private_key()
    console.get_by_label("Or paste it").fill(secret)
    click(console, "Next")

    expect(console.get_by_role("alert")).to_contain_text("private key")
    middle = secret.splitlines()[1]
    assert middle not in console.content()
    assert middle not in str(ConnectionDraft.objects.get().values)
    assert_good(console)


def test_a_name_that_is_taken_is_said_before_the_second_step(console):
    Connection.objects.create(name="Acme", issuer="https://a.example", jwks_uri="https://a.example")
    begin(console)
    general(console, "https://b.example")

    expect(console).to_have_url(re.compile("/general/"))
    expect(console.get_by_role("alert")).to_contain_text("Acme")


def test_a_session_that_ends_in_the_middle_loses_nothing(console, administrator):
    begin(console)
    general(console, "https://login.acme.example")
    console.context.clear_cookies(name="agio_session")
    console.get_by_label("JWKS URL", exact=True).last.fill("https://login.acme.example/keys")
    click(console, "Next")

    expect(console.get_by_role("heading", name="Your session has ended")).to_be_visible()
    assert_good(console)
    console.get_by_label("Username").fill(administrator.username)
    console.get_by_label("Password").fill(PASSWORD)
    console.locator("main").get_by_role("button", name="Sign in", exact=True).click()
    assert_good(console)
    click(console, "Send it again")

    expect(console).to_have_url(re.compile("/review/"))
    expect(console.locator("main")).to_contain_text("https://login.acme.example/keys")


def test_back_and_forward_keep_what_was_typed_also_what_is_wrong(console):
    begin(console)
    general(console, "https://login.acme.example")
    console.get_by_label("JWKS URL", exact=True).last.fill("not a url")
    click(console, "Back")
    expect(console.get_by_label("Issuer", exact=True)).to_have_value("https://login.acme.example")
    click(console, "Next")
    expect(console.get_by_label("JWKS URL", exact=True).last).to_have_value("not a url")

    console.go_back()
    expect(console.get_by_label("Issuer", exact=True)).to_have_value("https://login.acme.example")
    console.go_forward()
    expect(console.get_by_label("JWKS URL", exact=True).last).to_have_value("not a url")


def test_a_double_click_on_finish_makes_one_connection(console):
    begin(console)
    general(console, "https://login.acme.example")
    console.get_by_label("JWKS URL", exact=True).last.fill("https://login.acme.example/keys")
    click(console, "Next")
    console.locator("main").get_by_role("button", name="Finish").dblclick()

    expect(console).to_have_url(CREATED)
    assert Connection.objects.count() == 1


def test_two_tabs_do_not_collide(console):
    other = console.context.new_page()
    for page, name in ((console, "One"), (other, "Two")):
        begin(page)
        general(page, f"https://{name.lower()}.example", name=name)
    for page in (console, other):
        page.get_by_label("JWKS URL", exact=True).last.fill("https://keys.example/keys")
        click(page, "Next")
    for page in (other, console):
        click(page, "Finish")
        expect(page).to_have_url(CREATED)

    assert sorted(Connection.objects.values_list("name", "issuer")) == [
        ("One", "https://one.example"),
        ("Two", "https://two.example"),
    ]


@pytest.mark.parametrize("step", ["keys", "review"])
def test_no_step_can_be_skipped(console, step):
    begin(console)
    console.goto(re.sub("general/$", f"{step}/", console.url))

    expect(console).to_have_url(re.compile("/general/"))
