"""An application that signs people in, somebody who is signed in, and a request that succeeds."""

import base64
import hashlib
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
import pytest
from django.test import Client

from accounts.models import User
from applications import grant_types
from applications.models import Application
from tests.fixtures import change, person

CALLBACK = "https://app.ours.example/callback"
VERIFIER = "a-verifier-of-forty-three-characters-or-more-0123"
PASSWORD = "correct horse battery staple"


def challenge(verifier: str = VERIFIER) -> str:
    """Return the S256 of a verifier."""
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


@pytest.fixture
def shop(application: Application) -> Application:
    """Return the application, set up to sign people in."""
    change(
        application,
        grant_types=frozenset({grant_types.AUTHORIZATION_CODE, grant_types.REFRESH_TOKEN}),
        redirect_uris=frozenset({CALLBACK, "https://app.ours.example/other?a=1"}),
        post_logout_redirect_uris=frozenset({"https://app.ours.example/bye"}),
    )
    return application


@pytest.fixture
def ada(db: None) -> User:
    """Return somebody with a profile."""
    return person(
        "ada",
        PASSWORD,
        email="ada@ours.example",
        email_verified=True,
        given_name="Ada",
        family_name="Lovelace",
    )


@pytest.fixture
def browser(ada: User) -> Client:
    """Return ada's browser, signed in."""
    browser = Client()
    browser.post("/sign-in/", {"username": "ada", "password": PASSWORD})
    return browser


def query(**changes: str | None) -> str:
    """Return the query of a request that succeeds, changed by its keywords."""
    good = {
        "response_type": "code",
        "client_id": "orders",
        "redirect_uri": CALLBACK,
        "scope": "openid profile email",
        "state": "a-state",
        "nonce": "a-nonce",
        "code_challenge": challenge(),
        "code_challenge_method": "S256",
    }
    return urlencode({k: v for k, v in (good | changes).items() if v is not None})


def address(**changes: str | None) -> str:
    """Return the address of a request."""
    return f"/oauth2/authorize?{query(**changes)}"


def agree(browser: Client, ada: User, **changes: str | None):
    """Send the consent form, as its page does."""
    data = {"decision": "allow", "account": str(ada.public_id)}
    return browser.post(address(**changes), data)


def answer(response) -> dict[str, str]:
    """Return what an application is told."""
    assert response.status_code == 302, response.content[:300]
    location = response.headers["Location"]
    assert location.startswith("https://app.ours.example/"), location
    return {name: values[0] for name, values in parse_qs(urlsplit(location).query).items()}


@pytest.fixture
def code(browser, ada, shop):
    """Return a function that lets ada agree, and returns the code."""
    return lambda **changes: answer(agree(browser, ada, **changes))["code"]


@pytest.fixture
def redeem(post, shop):
    """Return a function that redeems a code as the application does."""

    def send(code: str, *, auth=("orders", ""), **changes: str | None):
        from tests.fixtures import SECRET

        data = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": CALLBACK,
            "code_verifier": VERIFIER,
        }
        return post("/oauth2/token", data | changes, auth=("orders", SECRET) if auth else None)

    return send


def claims(token: str) -> dict:
    """Return what a JWT says."""
    return jwt.decode(token, options={"verify_signature": False})
