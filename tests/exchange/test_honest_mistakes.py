"""
The likeliest honest mistakes, and that the answer says what is wrong and what to change.

docs/refusals.md shows the same answers to people; a test holds the two together.
"""

import json
import re
from pathlib import Path

import pytest
from django.conf import settings

from applications import grant_types
from idp.exchange import token_types
from tests import keys
from tests.fixtures import JWT, SECRET, change

PAGE = Path(settings.BASE_DIR, "docs/refusals.md").read_text()


def sent_as_json(client, exchange, application):
    """Send the form as JSON."""
    body = json.dumps({"grant_type": grant_types.TOKEN_EXCHANGE, "subject_token": keys.sign()})
    return client.post("/oauth2/token", body, content_type="application/json")


def in_the_url(client, exchange, application):
    """Put the parameters into the URL."""
    return client.post(f"/oauth2/token?subject_token={keys.sign()}")


def grant_not_allowed(client, exchange, application):
    """Forget to allow the grant."""
    change(application, grant_types=frozenset())
    return exchange()


def no_local_account(client, exchange, application):
    """Mandate an account that nobody has linked."""
    change(application, prioritize_local=True, mandate_local=True)
    return exchange()


def opaque_application_asks_for_a_jwt(client, exchange, application):
    """Ask for a JWT where tokens are opaque."""
    change(application, access_token_format="opaque")
    return exchange(requested_token_type=JWT)


def connection_not_selected(client, exchange, application):
    """Forget to select the connection."""
    change(application, connection_choice="selected")
    return exchange()


def exchanging(**changes):
    """Return a mistake that is one change of a good exchange."""
    return lambda client, exchange, application: exchange(**changes)


def token(**changes):
    """Return a mistake that is one change of a good subject token, made when it is used."""
    return lambda client, exchange, application: exchange(subject_token=keys.sign(**changes))


NOW = keys.claims()["iat"]
MISTAKES = {
    "wrong audience": (token(aud="https://api.acme.example"), "invalid_request"),
    "no audience": (token(aud=None), "invalid_request"),
    "expired": (token(exp=1), "invalid_request"),
    "clock ahead": (token(iat=NOW + 10_000, exp=NOW + 20_000), "invalid_request"),
    "too old": (token(iat=NOW - 10_000), "invalid_request"),
    "trailing slash in the issuer": (token(iss=keys.ISSUER + "/"), "invalid_request"),
    "another key": (token(signed_by="mallory"), "invalid_request"),
    "algorithm not accepted": (token(alg="PS512"), "invalid_request"),
    "no subject": (token(sub=None), "invalid_request"),
    "opaque subject token": (exchanging(subject_token="2YotnFZFEjr1zCsicMWpAA"), "invalid_request"),
    "token with quotes": (exchanging(subject_token=f'"{keys.sign()}"'), "invalid_request"),
    "token type as a bare word": (exchanging(subject_token_type="jwt"), "invalid_request"),
    "SAML assertion": (
        exchanging(subject_token_type="urn:ietf:params:oauth:token-type:saml2"),
        "invalid_request",
    ),
    "access token called ID token": (
        exchanging(
            subject_token=keys.sign(header={"typ": "at+jwt"}),
            subject_token_type=token_types.ID_TOKEN,
        ),
        "invalid_request",
    ),
    "no subject token": (exchanging(subject_token=None), "invalid_request"),
    "actor token": (exchanging(actor_token="x", actor_token_type=JWT), "invalid_request"),
    "wrong secret": (exchanging(auth=("orders", "wrong")), "invalid_client"),
    "secret in header and body": (exchanging(client_secret=SECRET), "invalid_request"),
    "grant not allowed": (grant_not_allowed, "unauthorized_client"),
    "connection not selected": (connection_not_selected, "invalid_request"),
    "grant type misspelled": (
        exchanging(grant_type="urn:ietf:params:oauth:grant-type:token_exchange"),
        "unsupported_grant_type",
    ),
    "audience not allowed": (exchanging(audience="https://x.ours.example"), "invalid_target"),
    "scope not allowed": (exchanging(scope="admin"), "invalid_scope"),
    "JWT from an application with opaque tokens": (
        opaque_application_asks_for_a_jwt,
        "invalid_request",
    ),
    "no local account": (no_local_account, "invalid_request"),
    "form sent as JSON": (sent_as_json, "invalid_request"),
    "parameters in the URL": (in_the_url, "invalid_request"),
}


def rows() -> dict[str, tuple[str, str]]:
    """Return the page's table: mistake to (error, description)."""
    cells = re.findall(r"^\| ([^|`]+?) \| `(\w+)` \| ([^|]+?) \|", PAGE, re.MULTILINE)
    return {mistake: (error, description) for mistake, error, description in cells}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_the_answer_is_the_one_in_the_documentation(mistake, client, exchange, application):
    make, error = MISTAKES[mistake]

    answer = make(client, exchange, application).json()

    assert (answer["error"], answer["error_description"]) == rows()[mistake]
    assert answer["error"] == error


def test_the_documentation_has_no_mistake_that_is_not_made_here():
    assert set(rows()) == set(MISTAKES)
    assert len(MISTAKES) >= 20
