"""What every page of the console has: access, theme, palette, and typed text that survives."""

import re

import pytest
from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from accounts.models import User
from idp.console import resend
from tests.console.conftest import PASSWORD
from tests.fixtures import change

ELSEWHERE = ["https://evil.example/", "//evil.example/", r"/\evil.example/", "javascript:alert(1)"]


def hidden(page: str, name: str) -> str:
    """Return the value of a hidden field."""
    return re.search(rf'name="{name}" value="([^"]*)"', page)[1]


def sent_again(page: str) -> dict[str, str]:
    """Return what the page would send again."""
    return dict(re.findall(r'<textarea name="(\w+)" hidden>([^<]*)</textarea>', page))


@pytest.mark.parametrize("chosen", ["light", "dark"])
def test_a_theme_is_kept_in_a_cookie_and_on_every_page(console, chosen):
    response = console.post("/theme/", {"theme": chosen, "next": "/console/search/?q=x"})

    assert response["Location"] == "/console/search/?q=x"
    assert f'data-bs-theme="{chosen}"' in console.get("/console/").content.decode()


def test_the_system_decides_again_when_asked_to(console):
    console.post("/theme/", {"theme": "dark"})
    console.post("/theme/", {"theme": "system"})

    assert "data-bs-theme" not in console.get("/console/").content.decode()


def test_a_made_up_theme_is_none(console):
    console.cookies["agio_theme"] = '"><script>'

    assert "data-bs-theme" not in console.get("/console/").content.decode()


@pytest.mark.parametrize("elsewhere", ELSEWHERE)
def test_choosing_a_theme_leads_nowhere_else(console, elsewhere):
    assert console.post("/theme/", {"theme": "dark", "next": elsewhere})["Location"] == "/"


def test_pages_of_the_console_are_kept_by_no_cache(console):
    response = console.get("/console/")

    assert "no-store" in response["Cache-Control"]
    assert "HX-Request" in response["Vary"]


def test_the_palette_offers_places_before_anything_is_typed(console):
    page = console.get("/console/search/", headers={"HX-Request": "true"}).content.decode()

    assert "Overview" in page
    assert "<html" not in page


def test_the_palette_finds_things_by_a_piece_of_their_name(console, connection, application, bob):
    found = console.get("/console/search/?q=B").content.decode()

    assert bob.username in found


@pytest.mark.parametrize("words", ["\0", "%", "<script>", "x" * 5000, "\ud7ff\u202e"])
def test_the_palette_takes_any_words(console, words):
    response = console.get("/console/search/", {"q": words})

    assert response.status_code == 200
    assert "<script>" not in response.content.decode().replace("<script src", "")


def test_a_fragment_without_a_session_reloads_the_page(client, db):
    response = client.get("/console/search/", headers={"HX-Request": "true"})

    assert (response.status_code, response["HX-Refresh"]) == (204, "true")


@pytest.fixture
def signed_out(client, administrator):
    """Return the page that answers a form after the session has ended."""
    response = client.post("/console/search/", {"name": "Acme <b>", "client_secret": "s3cret"})
    assert response.status_code == 401
    return response.content.decode()


def test_what_was_typed_survives_the_end_of_a_session(client, signed_out):
    back = client.post(
        "/sign-in/?next=/console/search/",
        {"username": "root", "password": PASSWORD, "kept": hidden(signed_out, "kept")},
    )
    page = client.get(back["Location"]).content.decode()

    assert "Send it again" in page
    assert sent_again(page) == {"name": "Acme &lt;b&gt;"}  # and no secret travels


def test_it_also_survives_a_mistyped_password(client, signed_out):
    form = {"username": "root", "password": "wrong", "kept": hidden(signed_out, "kept")}
    page = client.post("/sign-in/?next=/console/search/", form).content.decode()

    assert hidden(page, "kept") == form["kept"]


def test_it_is_offered_once_and_on_its_own_page_only(client, signed_out):
    form = {"username": "root", "password": PASSWORD, "kept": hidden(signed_out, "kept")}
    client.post("/sign-in/?next=/console/search/", form)

    assert "Send it again" not in client.get("/console/").content.decode()
    assert "Send it again" in client.get("/console/search/").content.decode()
    assert "Send it again" not in client.get("/console/search/").content.decode()


@pytest.mark.parametrize(
    "pasted",
    [
        '{"keys": [{"kty": "oct", "k": "c2VjcmV0"}]}',
        '{"kty": "EC", "crv": "P-256", "d": "c2VjcmV0", ',
        "-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----",
    ],
)
def test_a_private_key_is_not_kept_for_later(client, administrator, pasted):
    page = client.post("/console/search/", {"jwks": pasted, "name": "Acme"}).content.decode()
    form = {"username": "root", "password": PASSWORD, "kept": hidden(page, "kept")}
    client.post("/sign-in/?next=/console/search/", form)

    assert client.session[resend.SESSION_KEY]["pairs"] == [["name", "Acme"]]


@pytest.mark.parametrize(
    "kept",
    ["x", signing.dumps({"path": "/", "pairs": []}, salt="other")],
    ids=["not-signed", "signed-for-something-else"],
)
def test_what_we_did_not_keep_is_not_sent_again(client, administrator, kept):
    client.post("/sign-in/", {"username": "root", "password": PASSWORD, "kept": kept})

    assert resend.SESSION_KEY not in client.session


def test_an_old_page_of_ours_can_be_sent_again(administrator):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(administrator)

    response = browser.post(
        "/console/search/", {"name": "Acme"}, headers={"Sec-Fetch-Site": "same-origin"}
    )

    assert response.status_code == 403
    assert sent_again(response.content.decode()) == {"name": "Acme"}


def test_what_is_sent_again_overwrites_nobody_elses_change(client, administrator, application):
    """Without its version, a form that waited overwrote what was saved while it did."""
    path = f"/console/applications/{application.pk}/"
    client.force_login(administrator)
    version = client.get(path).context["form"].version
    change(application, description="Hers.")
    client.logout()
    typed = {"name": application.name, "description": "Mine.", "version": version}
    kept = hidden(client.post(path, typed).content.decode(), "kept")
    form = {"username": "root", "password": PASSWORD, "kept": kept}
    client.post(f"/sign-in/?next={path}", form)

    page = client.post(path, sent_again(client.get(path).content.decode()))

    assert page.status_code == 409
    application.refresh_from_db()
    assert application.description == "Hers."


@pytest.mark.parametrize(
    "rights",
    [{"is_administrator": False}, {"is_active": False}, {"locked_at": timezone.now()}],
    ids=["demoted", "disabled", "locked"],
)
def test_an_old_page_is_shown_again_to_administrators_only(administrator, rights):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(administrator)
    User.objects.filter(pk=administrator.pk).update(**rights)

    response = browser.post(
        "/console/search/", {"name": "Acme"}, headers={"Sec-Fetch-Site": "same-origin"}
    )

    assert response.status_code == 403
    assert "Acme" not in response.content.decode()
    assert "ui-shell" not in response.content.decode()


@pytest.mark.parametrize("origin", [{}, {"Sec-Fetch-Site": "cross-site"}])
def test_a_form_from_elsewhere_is_neither_carried_out_nor_shown(administrator, origin):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(administrator)

    response = browser.post("/console/search/", {"name": "Acme"}, headers=origin)

    assert response.status_code == 403
    assert "Acme" not in response.content.decode()


def test_the_overview_of_somebody_disabled_a_moment_ago_is_closed(console, administrator):
    assert console.get("/console/").status_code == 200
    User.objects.filter(pk=administrator.pk).update(is_active=False)

    assert console.get("/console/").status_code != 200


def test_a_page_that_is_not_there_says_so_and_leads_on(console):
    response = console.get("/console/nothing/")

    assert response.status_code == 404
    assert "There is nothing here" in response.content.decode()


def test_a_failure_shows_a_page_without_its_cause(console, monkeypatch):
    def fail(*_arguments):
        raise RuntimeError("the cause")

    monkeypatch.setattr("idp.console.search._places", fail)
    console.raise_request_exception = False
    page = console.get("/console/search/").content.decode()

    assert "failed on our side" in page
    assert "the cause" not in page


def test_too_large_a_form_is_told_so(console):
    response = console.post("/theme/", {"next": "x" * 2_000_000})

    assert response.status_code == 400
    assert "too large" in response.content.decode()


def test_too_large_a_file_is_refused_before_anything_reads_it(client):
    file = SimpleUploadedFile("large.pem", b"x" * 2_000_000)

    response = client.post("/sign-in/", {"username": "root", "file": file})

    assert response.status_code == 400


def test_guessing_a_password_is_slowed_down_also_for_the_right_one(client, administrator, settings):
    settings.CLIENT_FAILURES = 3
    for name in ("root", "ROOT", "root"):
        assert client.post("/sign-in/", {"username": name, "password": "wrong"}).status_code == 200

    response = client.post("/sign-in/", {"username": "root", "password": PASSWORD})
    elsewhere = client.post(
        "/sign-in/", {"username": "root", "password": PASSWORD}, REMOTE_ADDR="203.0.113.9"
    )

    assert (response.status_code, response["Retry-After"]) == (429, "60")
    assert "Too many attempts" in response.content.decode()
    assert elsewhere.status_code == 302


def test_somebody_else_signs_in_while_one_is_guessed_at(client, administrator, settings):
    settings.CLIENT_FAILURES = 3
    for _attempt in range(5):
        client.post("/sign-in/", {"username": "nobody", "password": "wrong"})

    assert client.post("/sign-in/", {"username": "root", "password": PASSWORD}).status_code == 302


def test_the_palette_leads_to_the_rotation_of_keys(console):
    found = console.get("/console/search/?q=rotate").content.decode()

    assert 'href="/console/keys/"' in found.partition("<main")[2]
    assert "Rotate or withdraw signing keys" in found
