"""What must stay true of the whole house."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.template.loader import get_template
from django.urls import get_resolver

TEMPLATES = sorted(Path(settings.BASE_DIR, "templates").rglob("*.html"))
OPEN_TO_STRANGERS = {
    "",
    "sign-in/",
    "oauth2/jwks",
    ".well-known/oauth-authorization-server",
    ".well-known/openid-configuration",
    "openapi.json",
    "healthz",
    "readyz",
}
ANSWERS = {"oauth2/token": 405, "oauth2/introspect": 405, "oauth2/revoke": 405, "sign-out/": 405}
EXAMPLE = "00000000-0000-0000-0000-000000000000"


def paths() -> list[str]:
    """Return every path of the URL map, with example values."""
    patterns = get_resolver().url_patterns
    return [re.sub(r"<uuid:\w+>", EXAMPLE, str(pattern.pattern)) for pattern in patterns]


@pytest.mark.django_db
@pytest.mark.parametrize("path", paths())
def test_a_stranger_sees_only_what_is_meant_for_strangers(client, path):
    status = client.get(f"/{path}").status_code

    assert status == (200 if path in OPEN_TO_STRANGERS else ANSWERS.get(path, 302))


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_every_template_compiles_and_has_no_inline_style_or_script(path):
    get_template(str(path.relative_to(Path(settings.BASE_DIR, "templates"))))

    text = path.read_text()
    assert not re.search(r"style=|\son\w+=|<script(?![^>]*\ssrc=)|\|\s*safe|mark_safe", text)


@pytest.mark.django_db
def test_no_migration_is_missing():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
