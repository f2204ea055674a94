"""What the environment may say, and what is refused in one sentence (docs/settings.md)."""

import importlib
import json
from types import ModuleType

import pytest
from django.core.exceptions import ImproperlyConfigured

from idp import env, settings
from tests.environment import ISSUER, environment, manage


@pytest.fixture
def load(monkeypatch):
    """Read the settings anew in a production environment with changes."""

    def load(**changes: str) -> ModuleType:
        for name in ("AGIO_ISSUER", "AGIO_SECRET_KEY", "AGIO_DATABASE_URL"):
            monkeypatch.delenv(name, raising=False)
        for name, value in environment(changes).items():
            monkeypatch.setenv(name, value)
        return importlib.reload(settings)

    yield load
    monkeypatch.undo()
    importlib.reload(settings)


def test_production_needs_an_issuer_and_a_secret_key_and_no_more(load):
    found = load()

    assert found.ISSUER == ISSUER
    assert not found.DEVELOPMENT
    assert not found.ALLOW_LOCAL_ISSUERS
    assert found.SESSION_COOKIE_SECURE
    assert found.CSRF_COOKIE_SECURE
    assert found.SECURE_HSTS_SECONDS
    assert found.ALLOWED_HOSTS[0] == "id.ours.example"
    assert found.DATABASES["default"]["NAME"].endswith("agio.sqlite3")


@pytest.mark.parametrize(
    "issuer",
    [
        "",
        "http://id.ours.example",
        "http://127.0.0.1:8000",
        "https://id.ours.example/",
        "https://id.ours.example/path",
        "https://id.ours.example?query",
        "https://id.ours.example#fragment",
        "https://user@id.ours.example",
        "https://ID.ours.example",
        "https://id.ours.example:port",
        "https://id.ours.example\n.evil.example",
        "https://",
        "id.ours.example",
    ],
)
def test_production_refuses_the_issuer(load, issuer):
    with pytest.raises(ImproperlyConfigured, match="Set AGIO_ISSUER to this server's own address"):
        load(AGIO_ISSUER=issuer)


@pytest.mark.parametrize("key", ["", "short", "a" * (env.KEY_LENGTH - 1)])
def test_production_refuses_the_secret_key(load, key):
    with pytest.raises(ImproperlyConfigured, match=r"AGIO_SECRET_KEY is (missing|too short)"):
        load(AGIO_SECRET_KEY=key)


def test_development_allows_http_on_loopback_and_makes_up_a_key(load):
    found = load(AGIO_DEBUG="1", AGIO_ISSUER="", AGIO_SECRET_KEY="")

    assert found.ISSUER == "http://127.0.0.1:8000"
    assert len(found.SECRET_KEY) >= env.KEY_LENGTH
    assert not found.SESSION_COOKIE_SECURE


def test_development_never_shows_requests_on_an_error_page(load):
    assert load(AGIO_DEBUG="1").DEBUG is False


def test_development_refuses_http_elsewhere(load):
    with pytest.raises(ImproperlyConfigured, match="AGIO_ISSUER"):
        load(AGIO_DEBUG="1", AGIO_ISSUER="http://id.ours.example")


def test_development_refuses_a_short_secret_key(load):
    with pytest.raises(ImproperlyConfigured, match="too short"):
        load(AGIO_DEBUG="1", AGIO_SECRET_KEY="short")


def test_a_switch_is_on_or_off_and_nothing_else(load):
    assert load(AGIO_ALLOW_LOCAL_ISSUERS="yes").ALLOW_LOCAL_ISSUERS
    assert not load(AGIO_ALLOW_LOCAL_ISSUERS="0").ALLOW_LOCAL_ISSUERS
    with pytest.raises(ImproperlyConfigured, match="Set AGIO_ALLOW_LOCAL_ISSUERS to 1 or 0"):
        load(AGIO_ALLOW_LOCAL_ISSUERS="ja")


def test_a_number_is_a_whole_number(load):
    found = load(AGIO_THREADS="6")

    assert (found.THREADS, found.THREADS_WAITING_FOR_KEYS) == (6, 3)
    with pytest.raises(ImproperlyConfigured, match="Set AGIO_THREADS to a whole number"):
        load(AGIO_THREADS="-1")


@pytest.mark.parametrize("days", ["0", "31", "4000"])
def test_the_audit_log_is_kept_for_ever_or_for_a_month_and_more(load, days):
    assert int(days) == load(AGIO_KEEP_AUDIT_DAYS=days).KEEP_AUDIT_DAYS


@pytest.mark.parametrize("days", ["1", "30"])
def test_the_audit_log_is_not_forgotten_before_its_triggers_allow_it(load, days):
    with pytest.raises(ImproperlyConfigured, match="Set AGIO_KEEP_AUDIT_DAYS to 0, or to 31"):
        load(AGIO_KEEP_AUDIT_DAYS=days)


def test_a_secret_may_be_in_a_file(load, tmp_path):
    file = tmp_path / "key"
    file.write_text("k" * 60 + "\n")

    assert load(AGIO_SECRET_KEY="", AGIO_SECRET_KEY_FILE=str(file)).SECRET_KEY == "k" * 60


def test_a_secret_is_given_once(load, tmp_path):
    with pytest.raises(ImproperlyConfigured, match="AGIO_SECRET_KEY_FILE, not both"):
        load(AGIO_SECRET_KEY_FILE=str(tmp_path))


def test_a_secret_in_a_file_that_cannot_be_read_is_an_error(load, tmp_path):
    with pytest.raises(ImproperlyConfigured, match="AGIO_SECRET_KEY_FILE cannot be read"):
        load(AGIO_SECRET_KEY="", AGIO_SECRET_KEY_FILE=str(tmp_path))


def test_former_secret_keys_are_kept(load):
    assert load(AGIO_SECRET_KEY_FALLBACKS="a, b").SECRET_KEY_FALLBACKS == ["a", "b"]


def test_a_proxy_is_believed_only_where_there_is_one(load):
    assert load().SECURE_PROXY_SSL_HEADER is None
    assert load(AGIO_BEHIND_PROXY="1").SECURE_PROXY_SSL_HEADER


def test_browsers_are_told_to_come_by_https_only(client, db):  # TL-03
    response = client.get("/sign-in/", secure=True)

    assert response["Strict-Transport-Security"].startswith("max-age=31536000")


def test_further_host_names_are_answered(load):
    assert "agio.internal" in load(AGIO_ALLOWED_HOSTS="agio.internal").ALLOWED_HOSTS


def test_the_database_is_chosen_by_url(load):
    database = load(AGIO_DATABASE_URL="postgresql://agio@db/agio").DATABASES["default"]

    assert database["ENGINE"].endswith("postgresql")
    assert database["HOST"] == "db"


def test_a_database_of_another_kind_is_refused_without_showing_its_password(load):
    with pytest.raises(ImproperlyConfigured, match="AGIO_DATABASE_URL") as refusal:
        load(AGIO_DATABASE_URL="mysql://agio:geheim@db/agio")

    assert "geheim" not in str(refusal.value)


def test_collected_files_have_a_hash_in_their_names(load, tmp_path):
    assert "Manifest" not in json.dumps(load().STORAGES)
    assert "Manifest" in json.dumps(load(AGIO_STATIC_ROOT=str(tmp_path)).STORAGES)


@pytest.mark.parametrize("command", ["check", "migrate", "serve"])
def test_every_command_refuses_in_one_sentence(command):
    done = manage(command, AGIO_ISSUER="http://id.ours.example")

    assert done.returncode == 1
    assert done.stderr.startswith("agio: Set AGIO_ISSUER")
    assert done.stderr.count("\n") == 1


def test_a_database_that_cannot_be_reached_is_one_sentence():
    done = manage("serve", AGIO_DATABASE_URL="postgresql://agio:geheim@127.0.0.1:1/agio")

    assert done.returncode == 1
    assert done.stderr.startswith("agio: the database says: ")
    assert done.stderr.count("\n") == 1
    assert "geheim" not in done.stderr
