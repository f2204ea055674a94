"""Every reason that the code can give has words."""

import ast
import re
from pathlib import Path

import pytest
from django.conf import settings

from idp.console.reasons import BY_CHECK, REASONS, in_words
from idp.exchange.pipeline import CHECKS
from idp.exchange.policy import OUTCOMES, Outcome

REASON = re.compile(rf"({'|'.join(CHECKS)})\.[a-z-]+")


def texts(folder: str) -> set[str]:
    """Return the texts that stand in the code of an app."""
    files = Path(settings.BASE_DIR, folder).rglob("*.py")
    trees = [ast.parse(file.read_text()) for file in files if "console" not in file.parts]
    nodes = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Constant)]
    return {node.value for node in nodes if isinstance(node.value, str)}


GIVEN = {
    text
    for app in ("idp", "accounts", "applications", "connections")
    for text in texts(app)
    if REASON.fullmatch(text)
} | {
    f"account.{match}" for (_wish, match), outcome in OUTCOMES.items() if outcome == Outcome.REFUSED
}


def test_every_check_has_words_for_its_failure():
    assert list(BY_CHECK) == list(CHECKS)


def test_the_code_gives_these_reasons_and_no_others():
    assert set(REASONS) == GIVEN


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("audience.not-us", "Audience not accepted"),
        ("client.expired", "Client not authenticated"),
        ("format.not-compact", "Not a well-formed JWT"),
        ("", "Failed on the side of this server"),
        ("<b>.x", "Failed on the side of this server"),
    ],
)
def test_a_reason_is_said_in_words(reason, words):
    assert str(in_words(reason)) == words
