"""Authlib, an OpenID client that is not ours, signs somebody in against a real server."""

import re
from urllib.parse import urljoin

import requests
from authlib.common.security import generate_token
from authlib.integrations.requests_client import OAuth2Session
from joserfc import jwt
from joserfc.jwk import KeySet

CALLBACK = "https://shop.ours.example/callback"


def field(page: str, name: str) -> str:
    """Return the value of a hidden field."""
    return re.search(rf'name="{name}" value="([^"]*)"', page)[1]


def test_signs_somebody_in_reads_who_it_is_and_refreshes(live_agio, session):
    metadata = session.get(f"{live_agio.agio}/.well-known/openid-configuration").json()
    client = OAuth2Session(
        "shop",
        live_agio.shop_secret,
        scope="openid profile email offline_access",
        redirect_uri=CALLBACK,
        code_challenge_method="S256",
    )
    client.trust_env = False
    verifier, nonce = generate_token(48), generate_token(20)
    address, state = client.create_authorization_url(
        metadata["authorization_endpoint"], code_verifier=verifier, nonce=nonce
    )

    back = walk(requests.Session(), live_agio, address)

    assert back.startswith(f"{CALLBACK}?code=")
    tokens = client.fetch_token(
        metadata["token_endpoint"], authorization_response=back, state=state, code_verifier=verifier
    )
    keys = KeySet.import_key_set(session.get(metadata["jwks_uri"]).json())
    told = jwt.decode(tokens["id_token"], keys, algorithms=["ES256", "RS256"])
    assert told.header["typ"] == "JWT"
    registry = jwt.JWTClaimsRegistry(
        iss={"essential": True, "value": metadata["issuer"]},
        aud={"essential": True, "value": "shop"},
        nonce={"essential": True, "value": nonce},
    )
    registry.validate(told.claims)
    profile = client.get(metadata["userinfo_endpoint"]).json()
    assert profile["sub"] == told.claims["sub"]
    assert profile["preferred_username"] == "ann"
    refreshed = client.refresh_token(metadata["token_endpoint"])
    assert refreshed["access_token"] != tokens["access_token"]


def walk(person: requests.Session, live_agio, address: str) -> str:
    """Go from the application to Agio, sign in, agree, and return where one is led back to."""
    asked = person.get(address)  # led to the sign-in page
    data = {
        "csrfmiddlewaretoken": field(asked.text, "csrfmiddlewaretoken"),
        "next": field(asked.text, "next").replace("&amp;", "&"),
        "username": "ann",
        "password": live_agio.people_password,
    }
    consent = person.post(urljoin(asked.url, "/sign-in/"), data, headers={"Referer": asked.url})
    data = {
        "csrfmiddlewaretoken": field(consent.text, "csrfmiddlewaretoken"),
        "account": field(consent.text, "account"),
        "decision": "allow",
    }
    answer = person.post(consent.url, data, headers={"Referer": consent.url}, allow_redirects=False)
    return answer.headers["Location"]
