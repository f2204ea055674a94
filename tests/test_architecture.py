"""What must stay true of the whole house."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.template.loader import get_template

from tests.routes import fill, routes

TEMPLATES = sorted(Path(settings.BASE_DIR, "templates").rglob("*.html"))
OPEN_TO_STRANGERS = {
    "",
    "sign-in/",
    "sign-in/forgotten/",
    "sign-in/forgotten/sent/",
    "reset/done/",
    "reset/x/x/",
    "oauth2/jwks",
    ".well-known/oauth-authorization-server",
    ".well-known/openid-configuration",
    "openapi.json",
    "healthz",
    "readyz",
}
# Open, but without a token, a request or an invitation there is nothing to see.
REFUSED = {"oauth2/userinfo": 401, "oauth2/authorize": 400, "sign-in/invited/x/": 404}
# What is the same in every language
NAMES = {
    "Agio",
    "iss",
    "aud",
    "UTC",
    "Ctrl",
    "HTTP",
    "JSON",
    "JWKS",
    "JWT",
    "SHA",
    "PEM",
    "error",
    "description",
}
POST_ONLY = {
    "oauth2/token",
    "oauth2/introspect",
    "oauth2/revoke",
    "sign-in/again/",
    "sign-out/",
    "theme/",
}


def paths() -> list[str]:
    """Return every path of the URL map."""
    return [fill(route) for route, _pattern in routes()]


@pytest.mark.django_db
@pytest.mark.parametrize("path", paths())
def test_a_stranger_sees_only_what_is_meant_for_strangers(client, path):
    status = client.get(f"/{path}").status_code

    if path in REFUSED:
        assert status == REFUSED[path]
        return
    expected = 200 if path in OPEN_TO_STRANGERS else 405 if path in POST_ONLY else 302
    assert status == expected


@pytest.mark.parametrize(
    "pattern", [p for route, p in routes() if route.startswith("console/")], ids=str
)
def test_every_page_of_the_console_is_for_administrators(pattern):
    assert getattr(pattern.callback, "is_for_administrators", False)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_every_template_compiles_and_has_no_inline_style_or_script(path):
    get_template(str(path.relative_to(Path(settings.BASE_DIR, "templates"))))

    text = path.read_text()
    assert not re.search(r"style=|\son\w+=|<script(?![^>]*\ssrc=)|\|\s*safe|mark_safe", text)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_every_visible_string_of_a_template_can_be_translated(path):
    text = re.sub(r"{% (comment|blocktranslate)\b.*?{% end\1 %}", "", path.read_text(), flags=re.S)
    text = re.sub(r"{#.*?#}|<!--.*?-->|<(script|style|code)\b.*?</\1>", "", text, flags=re.S)
    text = re.sub(r"{%.*?%}|{{.*?}}", "", text, flags=re.S)
    spoken = re.findall(r'\s(?:aria-label|title|placeholder|alt)="([^"]*)"', text)
    shown = re.sub(r"<[^>]*>", " ", text)

    words = re.findall(r"[^\W\d_]{2,}", " ".join([shown, *spoken]))

    assert not set(words) - NAMES


@pytest.mark.django_db
def test_no_migration_is_missing():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
