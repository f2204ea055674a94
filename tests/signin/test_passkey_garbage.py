"""Whatever is sent as a passkey, the answer is a clear one."""

import json

import pytest

from tests.signin.conftest import code, is_signed_in, sign_in

GOOD_SHAPE = {
    "id": "AAAA",
    "rawId": "AAAA",
    "type": "public-key",
    "response": {"clientDataJSON": "e30", "authenticatorData": "AAAA", "signature": "AAAA"},
}
GARBAGE = [
    "",
    "no json",
    "[]",
    "5",
    "null",
    '"text"',
    "{}",
    '{"response": []}',
    json.dumps(GOOD_SHAPE),
    json.dumps(GOOD_SHAPE | {"response": []}),
    json.dumps(GOOD_SHAPE | {"response": GOOD_SHAPE["response"] | {"userHandle": 5}}),
    json.dumps(GOOD_SHAPE | {"response": GOOD_SHAPE["response"] | {"userHandle": "MQ"}}),
    json.dumps(GOOD_SHAPE | {"response": GOOD_SHAPE["response"] | {"userHandle": "/w"}}),
    json.dumps(GOOD_SHAPE | {"response": GOOD_SHAPE["response"] | {"userHandle": "eno" * 40}}),
    json.dumps(GOOD_SHAPE | {"response": {"clientDataJSON": "\x00"}}),
    "[" * 5000,
]


@pytest.mark.parametrize("sent", GARBAGE)
def test_signing_in_leads_back_with_a_sentence(client, ada, sent):
    response = client.post("/sign-in/passkey/?next=/account/", {"credential": sent})

    assert response.status_code == 302
    assert response.headers["Location"].startswith("/sign-in/")
    assert not is_signed_in(client)


@pytest.mark.parametrize("sent", GARBAGE)
def test_the_second_factor_is_asked_for_again(client, ada, app, sent):
    sign_in(client)

    response = client.post("/sign-in/second-factor/", {"credential": sent})

    assert response.status_code in (422, 429)
    assert not is_signed_in(client)


@pytest.mark.parametrize("sent", GARBAGE)
def test_a_proof_and_a_new_passkey_are_refused(client, ada, app, sent):
    sign_in(client)
    client.post("/sign-in/second-factor/", {"code": code()})

    for path in ("/account/confirm/", "/account/security/passkey/"):
        assert client.post(path, {"credential": sent, "name": "x"}).status_code == 422
