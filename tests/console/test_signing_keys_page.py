"""This server's own keys: seen, rotated with overlap, withdrawn in an emergency."""

from datetime import timedelta

import pytest
from django.utils import timezone

from idp.models import AuditEvent, SigningKey
from idp.tokens import signing

KEYS = "/console/keys/"
State = SigningKey.State


@pytest.fixture
def current(db):
    """Return the key that signs, with a next one that is old enough to follow it."""
    key = signing.current_key("ES256")
    age_next()
    return SigningKey.objects.get(kid=key.kid)


def age_next(minutes: int = 11) -> None:
    """Let the next keys have been published for a while."""
    made = timezone.now() - timedelta(minutes=minutes)
    SigningKey.objects.filter(state=State.NEXT).update(created_at=made)


def rotate(console, algorithm: str = "ES256"):
    """Press the button."""
    return console.post(f"{KEYS}rotate/", {"algorithm": algorithm})


def test_shows_each_key_by_algorithm_and_where_they_are_published(console, current):
    page = console.get(KEYS).content.decode()

    assert "https://id.ours.example/oauth2/jwks" in page
    for key in SigningKey.objects.all():
        assert key.kid in page
    assert page.index("Signs now") < page.index("Next")
    assert "Its keys are made when they are first needed." in page  # RS256
    assert "PRIVATE" not in page


def test_looking_makes_no_key(console):
    assert console.get(KEYS).status_code == 200
    assert not SigningKey.objects.exists()


def test_rotates_with_overlap_and_records_who_did(console, current):
    following = SigningKey.objects.get(state=State.NEXT)

    assert rotate(console)["Location"] == KEYS

    assert signing.current_key("ES256").kid == following.kid
    current.refresh_from_db()
    assert current.state == State.RETIRED
    event = AuditEvent.objects.get(action="signing-key.rotated")
    assert (event.actor_name, event.target_id) == ("root", following.kid)
    page = console.get(KEYS).content.decode()
    assert f"ES256: {following.kid} signs from now on." in page
    assert "Retired" in page
    assert "Until" in page


def test_a_next_key_that_is_too_new_does_not_sign_and_the_page_says_from_when_on(console, current):
    age_next(minutes=3)
    since = SigningKey.objects.get(state=State.NEXT).created_at + timedelta(minutes=10)

    assert "Rotate ES256" not in console.get(KEYS).content.decode()
    response = rotate(console)

    page = response.content.decode()
    assert response.status_code == 422
    assert "the next key is too new" in page
    assert since.strftime("%Y-%m-%d %H:%M:%S UTC") in page
    assert signing.current_key("ES256").kid == current.kid
    assert not AuditEvent.objects.filter(action="signing-key.rotated").exists()


@pytest.mark.parametrize("algorithm", ["", "none", "EdDSA", "ES256\0", "x" * 10_000])
def test_an_algorithm_that_is_not_in_use_is_not_found(console, current, algorithm):
    assert rotate(console, algorithm).status_code == 404


def test_the_address_of_the_button_leads_to_the_page(console):
    assert console.get(f"{KEYS}rotate/")["Location"] == KEYS


def test_a_key_is_withdrawn_once_its_id_was_typed(console, current):
    path = f"{KEYS}{current.kid}/withdraw/"
    assert "What ends at once" in console.get(path).content.decode()

    assert console.post(path, {"kid": current.kid})["Location"] == KEYS

    current.refresh_from_db()
    assert current.state == State.WITHDRAWN
    assert signing.current_key("ES256").kid != current.kid
    assert current.kid not in console.get("/oauth2/jwks").content.decode()
    event = AuditEvent.objects.get(action="signing-key.withdrawn")
    assert (event.actor_name, event.target_id) == ("root", current.kid)
    assert "Withdrawn" in console.get(KEYS).content.decode()


@pytest.mark.parametrize("typed", ["", "yes", None, "\0", "x" * 10_000])
def test_a_key_stays_where_another_id_was_typed(console, current, typed):
    response = console.post(f"{KEYS}{current.kid}/withdraw/", {"kid": typed} if typed else {})

    page = response.content.decode()
    assert response.status_code == 422
    assert "Enter" in page or "Null characters" in page
    current.refresh_from_db()
    assert current.state == State.CURRENT


def test_the_id_of_another_key_ends_neither(console, current):
    other = SigningKey.objects.get(state=State.NEXT)

    response = console.post(f"{KEYS}{current.kid}/withdraw/", {"kid": other.kid})

    assert response.status_code == 422
    assert not SigningKey.objects.filter(state=State.WITHDRAWN).exists()


def test_says_how_many_tokens_end(console, exchange):
    exchange()
    kid = SigningKey.objects.get(algorithm="ES256", state=State.CURRENT).kid

    page = console.get(f"{KEYS}{kid}/withdraw/").content.decode()

    assert "1 access token that this key signed" in page


def test_what_is_withdrawn_is_not_withdrawn_again(console, current):
    path = f"{KEYS}{current.kid}/withdraw/"
    console.post(path, {"kid": current.kid})
    ended = SigningKey.objects.get(kid=current.kid).retired_at

    response = console.post(path, {"kid": current.kid})

    assert "withdrawn already" in response.content.decode()
    assert SigningKey.objects.get(kid=current.kid).retired_at == ended
    assert AuditEvent.objects.filter(action="signing-key.withdrawn").count() == 1


def test_an_unknown_key_is_not_found(console):
    assert console.get(f"{KEYS}no-such-key/withdraw/").status_code == 404


def test_former_keys_are_bounded(console, current, django_assert_max_num_queries):
    for number in range(60):
        SigningKey.objects.create(
            kid=f"old-{number}",
            algorithm="ES256",
            state=State.RETIRED,
            public_jwk={},
            encrypted_private_key=b"",
            retired_at=timezone.now(),
        )

    with django_assert_max_num_queries(8):
        page = console.get(KEYS).content.decode()

    assert page.count("<clipboard-copy") < 30
