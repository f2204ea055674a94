"""Our own keys: made on first use, rotated with overlap, withdrawn at once (KY-10, KY-11)."""

import io
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import jwt
import pytest
from django.core.management import CommandError, call_command
from django.db import connections as databases
from django.utils import timezone

from idp.audit import COMMAND_LINE
from idp.endpoints import jwks
from idp.models import AuditEvent, SigningKey
from idp.tokens import signing
from idp.tokens.vault import WrongSecretKey

pytestmark = pytest.mark.django_db


def states(algorithm: str = "ES256") -> list[str]:
    """Return the states of an algorithm's keys, oldest first."""
    keys = SigningKey.objects.filter(algorithm=algorithm).order_by("pk")
    return [key.state for key in keys]


def published(kid: str) -> bool:
    """Say whether a key is published."""
    return kid in {key["kid"] for key in signing.published_keys()}


def a_day_later() -> None:
    """Let every key be a day old."""
    SigningKey.objects.update(created_at=timezone.now() - timedelta(days=1))


@pytest.mark.parametrize("algorithm", ["RS256", "ES256", "EdDSA"])
def test_a_key_is_made_on_first_use_and_the_next_one_with_it(algorithm):
    token, kid = signing.sign({"a": 1}, algorithm=algorithm, typ="test")

    jwk = SigningKey.objects.get(kid=kid).public_jwk
    header = jwt.get_unverified_header(token)
    assert header == {"alg": algorithm, "kid": kid, "typ": "test"}
    assert jwt.decode(token, jwt.PyJWK(jwk), [algorithm]) == {"a": 1}
    assert sorted(states(algorithm)) == ["current", "next"]


def test_rotation_lets_a_key_sign_that_was_published_before():
    before = signing.current_key("ES256").kid
    coming = SigningKey.objects.get(state="next", algorithm="ES256").kid
    assert published(coming)

    a_day_later()
    signing.rotate("ES256", actor=COMMAND_LINE)

    assert signing.current_key("ES256").kid == coming
    assert published(before)
    assert sorted(states()) == ["current", "next", "retired"]


def test_no_key_signs_before_verifiers_can_know_it():
    """What they read a moment before it was published, they may keep (KY-10)."""
    assert timedelta(seconds=jwks.MAXIMUM_AGE) < signing.PUBLISHED_BEFORE_SIGNING
    before = signing.current_key("ES256").kid
    age = signing.PUBLISHED_BEFORE_SIGNING

    with pytest.raises(signing.TooSoon, match="ten minutes"):
        signing.rotate("ES256", actor=COMMAND_LINE)

    assert signing.current_key("ES256").kid == before
    SigningKey.objects.update(created_at=timezone.now() - age)
    assert signing.rotate("ES256", actor=COMMAND_LINE).kid != before


def test_a_retired_key_is_published_until_its_last_token_has_expired():
    before = signing.current_key("ES256").kid
    a_day_later()
    signing.rotate("ES256", actor=COMMAND_LINE)
    retired = SigningKey.objects.filter(kid=before)

    retired.update(retired_at=timezone.now() - signing.PUBLISHED_AFTER_RETIREMENT)
    assert not published(before)

    just_inside = signing.PUBLISHED_AFTER_RETIREMENT - timedelta(minutes=1)
    retired.update(retired_at=timezone.now() - just_inside)
    assert published(before)


@pytest.mark.parametrize("state", ["current", "next", "retired"])
def test_a_withdrawn_key_is_gone_at_once_and_replaced(state):
    signing.current_key("ES256")
    a_day_later()
    signing.rotate("ES256", actor=COMMAND_LINE)
    kid = SigningKey.objects.get(state=state, algorithm="ES256").kid

    signing.withdraw(kid, actor=COMMAND_LINE)

    assert not published(kid)
    assert signing.current_key("ES256").kid != kid
    assert {"current", "next", "withdrawn"} <= set(states())


def test_a_key_is_withdrawn_once():
    kid = signing.current_key("ES256").kid
    first = signing.withdraw(kid, actor=COMMAND_LINE)
    before = states(), AuditEvent.objects.count()

    second = signing.withdraw(kid, actor=COMMAND_LINE)

    assert second.retired_at == first.retired_at
    assert (states(), AuditEvent.objects.count()) == before


def test_another_worker_knows_of_a_rotation_within_a_second(monkeypatch):
    """This process keeps what it knows for half a second, and then looks again."""
    before = signing.current_key("ES256").kid
    now = signing.time.monotonic()
    SigningKey.objects.filter(kid=before).update(state="withdrawn")
    SigningKey.objects.filter(state="next", algorithm="ES256").update(state="current")

    monkeypatch.setattr(signing.time, "monotonic", lambda: now + 1)

    assert signing.KNOWN_FOR < 1
    assert signing.current_key("ES256").kid != before


def test_private_keys_are_encrypted_at_rest():
    signing.current_key("ES256")

    sealed = bytes(SigningKey.objects.filter(algorithm="ES256")[0].encrypted_private_key)
    assert b"PRIVATE" not in sealed
    assert sealed.startswith(b"gAAAA")


def test_public_keys_hold_nothing_private():
    for key in signing.published_keys():
        assert not {"d", "p", "q", "dp", "dq", "qi", "k"} & key.keys()
        assert key["use"] == "sig"


def test_another_secret_key_says_what_to_do(settings, monkeypatch):
    signing.current_key("ES256")
    signing.forget_cached_keys()
    monkeypatch.setattr(signing, "_private_keys", {})
    former, settings.SECRET_KEY = settings.SECRET_KEY, "another"

    with pytest.raises(WrongSecretKey, match="AGIO_SECRET_KEY_FALLBACKS"):
        signing.current_key("ES256")

    settings.SECRET_KEY_FALLBACKS = [former]
    assert signing.current_key("ES256")


def test_no_kid_looks_like_an_option_of_the_command_that_withdraws_it(monkeypatch):
    made, thumbprint = iter(["-one", "-two"]), signing.thumbprint
    monkeypatch.setattr(signing, "thumbprint", lambda key: next(made, None) or thumbprint(key))

    kid = signing.current_key("ES256").kid

    assert not kid.startswith("-")
    call_command("withdraw_signing_key", kid, yes=True)


@pytest.mark.django_db(transaction=True)
def test_two_first_uses_at_once_make_one_key():
    def use(_number: int) -> str:
        try:
            signing.forget_cached_keys()
            return signing.current_key("ES256").kid
        finally:
            databases.close_all()

    with ThreadPoolExecutor(6) as threads:
        assert len(set(threads.map(use, range(6)))) == 1
    assert sorted(states()) == ["current", "next"]


def test_the_command_rotates_and_names_the_new_keys(capsys):
    signing.current_key("ES256")
    a_day_later()

    call_command("rotate_signing_keys", "--algorithm", "ES256")

    assert signing.current_key("ES256").kid in capsys.readouterr().out
    assert sorted(states("ES256")) == ["current", "next", "retired"]
    assert states("RS256") == []


def test_the_command_rotates_every_algorithm_in_use(capsys):
    for algorithm in ("RS256", "ES256", "EdDSA"):
        signing.current_key(algorithm)
    a_day_later()

    call_command("rotate_signing_keys")

    for algorithm in ("RS256", "ES256", "EdDSA"):
        assert sorted(states(algorithm)) == ["current", "next", "retired"]


def test_the_command_rotates_what_it_can_and_names_the_rest(capsys):
    signing.current_key("RS256")
    a_day_later()

    with pytest.raises(CommandError, match="ES256: the next key is too new"):
        call_command("rotate_signing_keys")

    assert sorted(states("RS256")) == ["current", "next", "retired"]
    assert sorted(states("ES256")) == ["current", "next"]


@pytest.mark.parametrize("answer", ["no\n", "y\n", "\n", ""], ids=["no", "y", "empty", "nobody"])
def test_the_command_withdraws_nothing_without_a_yes(answer, monkeypatch):
    kid = signing.current_key("ES256").kid
    monkeypatch.setattr("sys.stdin", io.StringIO(answer))

    with pytest.raises(CommandError, match="Nothing was changed"):
        call_command("withdraw_signing_key", kid)

    assert published(kid)


def test_the_command_withdraws_after_a_yes(monkeypatch):
    kid = signing.current_key("ES256").kid
    monkeypatch.setattr("sys.stdin", io.StringIO("yes\n"))

    call_command("withdraw_signing_key", kid)

    assert not published(kid)


def test_the_command_withdraws_and_says_what_that_ends(capsys):
    kid = signing.current_key("ES256").kid

    call_command("withdraw_signing_key", kid, yes=True)

    assert "0 access tokens" in capsys.readouterr().out
    assert not published(kid)
    with pytest.raises(CommandError, match="no signing key"):
        call_command("withdraw_signing_key", "unknown", yes=True)
