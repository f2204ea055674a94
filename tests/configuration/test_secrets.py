"""Secrets in a file: given by the environment or made here, shown once and never again."""

import re

import pytest

from applications import secrets
from applications.models import Application
from tests.configuration.conftest import EXAMPLE, SECRET, Apply, Refused

WITHOUT_SECRET = EXAMPLE.replace("client_secret: ${ORDERS_SECRET}", "")
SHOWN = re.compile(r"^client_secret of orders, shown once: (\S+)$", re.MULTILINE)


def is_secret_of_orders(secret: str) -> bool:
    return secrets.matches(secret, Application.objects.get(client_id="orders").secret_digests())


def test_a_secret_of_the_environment_is_good_and_never_printed(apply: Apply):
    printed = apply()

    assert is_secret_of_orders(SECRET)
    assert SECRET not in printed


def test_a_secret_may_be_written_out(apply: Apply):
    apply(EXAMPLE.replace("${ORDERS_SECRET}", "written-out-written-out-written-out"))

    assert is_secret_of_orders("written-out-written-out-written-out")


def test_a_secret_is_made_where_none_is_given_and_shown_once(apply: Apply):
    (secret,) = SHOWN.findall(apply(WITHOUT_SECRET))

    assert is_secret_of_orders(secret)
    assert apply(WITHOUT_SECRET) == "Nothing to change.\n"
    assert is_secret_of_orders(secret)


def test_a_dry_run_shows_no_secret(apply: Apply):
    assert SHOWN.findall(apply(WITHOUT_SECRET, dry_run=True)) == []


def test_another_secret_replaces_it_and_the_former_stays_good_for_a_day(
    apply: Apply, monkeypatch: pytest.MonkeyPatch
):
    apply()
    new = SECRET[::-1]
    monkeypatch.setenv("ORDERS_SECRET", new)

    printed = apply()

    assert printed.startswith(
        "application Orders: client_secret replaced; the former one stays good"
    )
    assert SECRET not in printed
    assert new not in printed
    assert is_secret_of_orders(new)
    assert is_secret_of_orders(SECRET)


def test_a_short_secret_is_taken_with_a_notice(apply: Apply, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("ORDERS_SECRET", "x" * 31)

    printed = apply()

    assert "notice: application Orders: client_secret is shorter than 32 characters" in printed
    assert is_secret_of_orders("x" * 31)


def test_a_secret_of_32_characters_is_no_news(apply: Apply, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("ORDERS_SECRET", "x" * 32)

    assert "notice" not in apply()


def test_a_public_application_has_no_secret(refused: Refused):
    text = "applications: [{name: Phone, type: mobile, client_secret: " + "x" * 40 + "}]"

    assert refused(text) == [
        "1: applications[0].client_secret: With “none” there is no secret. Leave the key out."
    ]


def test_an_application_that_becomes_public_loses_its_secret(apply: Apply):
    apply()

    printed = apply(
        "applications: [{client_id: orders, type: mobile, token_endpoint_auth_method: none}]"
    )

    assert "application Orders: client_secret removed" in printed
    assert not is_secret_of_orders(SECRET)


def test_an_application_that_stops_being_public_gets_a_secret(apply: Apply):
    apply("applications: [{name: Phone, client_id: orders, type: mobile}]")

    printed = apply(
        "applications: [{client_id: orders, type: traditional-web, "
        "token_endpoint_auth_method: client_secret_basic}]"
    )

    assert "application Phone: client_secret generated" in printed
    assert is_secret_of_orders(SHOWN.findall(printed)[0])
