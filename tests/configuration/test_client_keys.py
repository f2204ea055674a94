"""Applications that sign their own assertions: their public keys in a file."""

import json

import pytest

from applications.models import Application
from tests import keys
from tests.configuration.conftest import Apply, Refused

JWKS = json.dumps(keys.jwks("ES256", signed_by="orders"))


def described(**settings: str) -> str:
    method = {"token_endpoint_auth_method": "private_key_jwt"}
    lines = {"name": "Orders", "client_id": "orders", "type": "machine-to-machine", **method}
    return "applications:\n  - " + "\n    ".join(
        f"{key}: {text}" for key, text in (lines | settings).items()
    )


def test_an_application_with_keys_gets_no_secret(apply: Apply):
    assert apply(described(jwks=JWKS)) == "application Orders: created\n"

    application = Application.objects.get()
    assert application.secret_digest == ""
    assert [jwk["crv"] for jwk in application.jwks] == ["P-256"]
    assert apply(described(jwks=JWKS)) == "Nothing to change.\n"


def test_its_keys_may_be_at_a_url(apply: Apply):
    apply(described(jwks_uri="https://orders.ours.example/jwks"))

    assert Application.objects.get().jwks_uri == "https://orders.ours.example/jwks"


def test_another_key_is_told(apply: Apply):
    apply(described(jwks=JWKS))

    printed = apply(described(jwks=json.dumps(keys.jwks("RS256", signed_by="orders"))))

    removed, added = printed.splitlines()
    assert removed.startswith("application Orders: jwks.keys: removed ")
    assert "kid orders-ES256" in removed
    assert added.startswith("application Orders: jwks.keys: added ")
    assert "kid orders-RS256" in added


@pytest.mark.parametrize(
    ("settings", "problem"),
    [
        pytest.param({}, "2: applications[0].jwks_uri: Give the public keys", id="neither"),
        pytest.param({"jwks": "[]"}, "6: applications[0].jwks: Enter a JWK Set", id="list"),
        pytest.param({"jwks": "{}"}, "6: applications[0].jwks: Enter a JWK Set", id="no-keys"),
        pytest.param({"jwks": "{keys: [x]}"}, "6: applications[0].jwks: Enter a JWK", id="text"),
        pytest.param({"jwks": "{keys: [{kty: oct}]}"}, "6: applications[0].jwks: ", id="kty"),
        pytest.param(
            {"jwks_uri": "http://orders.ours.example"}, "6: applications[0].jwks_uri: ", id="http"
        ),
        pytest.param(
            {"jwks": JWKS, "client_secret": "x" * 40},
            "7: applications[0].client_secret: With “private_key_jwt” there is no secret.",
            id="secret",
        ),
    ],
)
def test_refuses(refused: Refused, settings: dict[str, str], problem: str):
    (found,) = refused(described(**settings))

    assert found.startswith(problem)


def test_a_private_key_is_refused_and_not_repeated(refused: Refused):
    jwk = keys.jwk("ES256", "orders") | {"d": "c2VjcmV0LXBhcnQ"}

    (found,) = refused(described(jwks=json.dumps({"keys": [jwk]})))

    assert found.startswith("6: applications[0].jwks: ")
    assert "c2VjcmV0LXBhcnQ" not in found
