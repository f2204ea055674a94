"""What of a JWKS is used, and what is said about the rest (KY-06, KY-09, AT-064 to AT-066)."""

import json

import pytest

from connections.key_set import NotAKeySet, read_key_set
from tests import keys

GOOD = keys.jwk("RS256")


def read(*members):
    """Read a key set of these keys."""
    return read_key_set(json.dumps({"keys": members}).encode())


def test_keeps_public_members_of_usable_keys_only():
    reading = read(GOOD | {"x5c": ["…"], "internal": "note"}, keys.jwk("ES256"))

    assert [key["kid"] for key in reading.keys] == ["acme-RS256", "acme-ES256"]
    assert reading.keys[0].keys() == {"kty", "n", "e", "kid", "alg"}
    assert reading.warnings == []


@pytest.mark.parametrize(
    "bad",
    [
        pytest.param(GOOD | {"kid": "b", "use": "enc"}, id="for-encryption"),
        pytest.param(GOOD | {"kid": "b", "key_ops": ["encrypt"]}, id="for-another-operation"),
        pytest.param({"kty": "AKP", "kid": "b"}, id="unknown-kind"),
        pytest.param(GOOD | {"kid": 7}, id="kid-not-text"),
        pytest.param("key", id="not-an-object"),
        pytest.param(None, id="null"),
        pytest.param({}, id="empty"),
    ],
)
def test_a_key_we_cannot_use_does_not_spoil_the_others(bad):
    reading = read(GOOD, bad)

    assert [key["kid"] for key in reading.keys] == ["acme-RS256"]
    assert len(reading.warnings) == 1
    assert reading.warnings[0].startswith("Key 2: ")


@pytest.mark.parametrize(
    "secret",
    [{"kty": "oct", "k": "c2VjcmV0LXNlY3JldA", "kid": "b"}, GOOD | {"kid": "b", "d": "AQAB"}],
)
def test_a_published_secret_is_reported_and_never_kept(secret):  # AT-064
    reading = read(GOOD, secret)

    kept = json.dumps(reading.keys) + " ".join(reading.warnings)
    assert "published" in reading.warnings[0]
    assert secret.get("k", "AQAB-d") not in kept
    assert len(reading.keys) == 1


def test_a_published_secret_is_reported_before_all_else():  # AT-064
    unused = [GOOD | {"kid": f"unused-{number}", "use": "enc"} for number in range(9)]

    first, second, *_ = read(GOOD, *unused, {"kty": "oct", "k": "AAAA"}).warnings

    assert first.startswith("Key 11: ")
    assert "published" in first
    assert second.startswith("Key 2: ")


def test_of_two_keys_with_one_kid_none_is_used():  # KY-09
    reading = read(GOOD, keys.jwk("ES256", kid="acme-RS256"), keys.jwk("ES384"))

    assert [key["kid"] for key in reading.keys] == ["acme-ES384"]
    assert len(reading.warnings) == 2


def test_keys_without_kid_do_not_collide():
    assert len(read(keys.jwk("RS256", kid=None), keys.jwk("ES256", kid=None)).keys) == 2


@pytest.mark.parametrize(
    ("document", "words"),
    [
        (b"", "not a JSON object"), (b"[]", "not a JSON object"), (b'"keys"', "not a JSON object"),
        (b'{"keys": [', "not a JSON object"), (b"<html>", "not a JSON object"),
        (b"{}", "no list of keys"), (b'{"keys": {}}', "no list"), (b'{"keys": null}', "no list"),
        (b'{"jwks_uri": "https://acme.example/jwks"}', "looks like OpenID metadata"),
        (b'{"keys": []}', "no key that we can use"),
        (json.dumps({"keys": [GOOD] * 101}).encode(), "more than 100"),
        (json.dumps({"keys": [{}] * 10_000}).encode(), "more than 100"),
    ],
)  # fmt: skip
def test_says_what_is_wrong_with_a_document(document, words):  # AT-080
    with pytest.raises(NotAKeySet, match=words):
        read_key_set(document)
