"""
Acme, a little token issuer: it knows three people, signs tokens about them, and publishes its keys.
Under /globex it is another one, with other keys, which nobody trusts yet.

A stranger to Agio: it shares no code with it, and they meet over HTTP only. It gives a token about
anybody to whoever asks, so it is good for a demonstration and for nothing else.
"""

import argparse
import base64
import hashlib
import html
import json
import os
import secrets
import time
import uuid
from collections.abc import Mapping
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from socketserver import ThreadingTCPServer
from typing import Any
from urllib.parse import parse_qsl, unquote_plus, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

type PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey

LIFETIME = 3600  # seconds: time to read before pasting
KINDS: Mapping[str, Mapping[str, Any]] = {
    "good": {},
    "expired": {"age": LIFETIME + 60},
    "wrong-audience": {"audience": "https://somebody-else.example"},
}

PEOPLE: Mapping[str, Mapping[str, str]] = {
    "ann": {"sub": "248289761001", "given_name": "Ann", "email": "ann@acme.example"},
    "ben": {"sub": "248289761002", "given_name": "Ben", "email": "ben@acme.example"},
    "cho": {"sub": "248289761003", "given_name": "Cho", "email": "cho@ours.example"},
}
CLIENT_ID = "agio"
PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Acme</title>
<meta name="viewport" content="width=device-width"><h1>Sign in at Acme</h1><ul>{people}</ul>
<p><a href="{whose}/cancel?{query}">Cancel</a></p></html>"""
USAGE = f"/token?person={'|'.join(PEOPLE)} &kind={'|'.join(KINDS)} &algorithm=ES256|RS256"


class Issuer:
    """What Acme says about people, and the keys that prove it said so."""

    def __init__(self, url: str, audience: str) -> None:
        self.url = url
        self.codes: dict[str, dict[str, str]] = {}
        self.audience = audience
        self.elliptic_key = ec.generate_private_key(ec.SECP256R1())
        self.rsa_key = rsa.generate_private_key(public_exponent=65537, key_size=2048)

    def sign_in(self, asked: Mapping[str, str], person: str) -> str:
        """
        Return the address to go back to: with a code, or with an error where nobody signed in.

        :raises KeyError: for another client, or a parameter that is missing
        """
        back = asked["redirect_uri"]
        ours = f"{self.audience}/account/linking/"
        if asked["client_id"] != CLIENT_ID or not back.startswith(ours):
            raise KeyError("client_id")
        answer = {"state": asked["state"], "iss": self.url}
        if person not in PEOPLE:
            return f"{back}?{urlencode(answer | {'error': 'access_denied'})}"
        code = secrets.token_urlsafe(16)
        kept = {name: asked[name] for name in ("redirect_uri", "nonce", "code_challenge")}
        self.codes[code] = kept | {"person": person}
        return f"{back}?{urlencode(answer | {'code': code})}"

    def redeem(self, sent: Mapping[str, str], authorization: str) -> dict[str, str]:
        """Return the answer to a code: an ID token, or an error (RFC 6749 5.1, 5.2; RFC 7636)."""
        pair = base64.b64decode(authorization.removeprefix("Basic ")).decode()
        client = tuple(map(unquote_plus, pair.partition(":")[::2]))
        if client != (CLIENT_ID, os.environ.get("ACME_CLIENT_SECRET", "")):
            return {"error": "invalid_client"}
        kept = self.codes.pop(sent.get("code", ""), {})
        digest = hashlib.sha256(sent.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if (kept.get("redirect_uri"), kept.get("code_challenge")) != (
            sent.get("redirect_uri"),
            challenge,
        ):
            return {"error": "invalid_grant"}
        claims = self.claims(int(time.time()), audience=CLIENT_ID) | {**PEOPLE[kept["person"]]}
        claims["nonce"] = kept["nonce"]
        id_token = jwt.encode(claims, self.elliptic_key, "ES256", {"kid": "acme-ES256"})
        return {"id_token": id_token, "access_token": "of no use", "token_type": "Bearer"}

    def token(self, person: str, kind: str = "good", algorithm: str = "ES256") -> str:
        """
        Return a signed token about a person.

        :raises KeyError: for somebody, a kind or an algorithm that Acme does not know
        """
        keys: dict[str, PrivateKey] = {"ES256": self.elliptic_key, "RS256": self.rsa_key}
        claims = self.claims(int(time.time()), **KINDS[kind]) | {**PEOPLE[person]}
        return jwt.encode(claims, keys[algorithm], algorithm, {"kid": f"acme-{algorithm}"})

    def claims(self, now: int, *, age: int = 0, audience: str = "") -> dict[str, Any]:
        """Return what a token says besides whom it is about, issued `age` seconds ago."""
        return {
            "iss": self.url,
            "aud": audience or self.audience,
            "iat": now - age,
            "exp": now - age + LIFETIME,
            "jti": str(uuid.uuid4()),
            "email_verified": True,
        }

    def jwks(self) -> dict[str, Any]:
        """Return the public keys (RFC 7517 5)."""
        elliptic = ECAlgorithm.to_jwk(self.elliptic_key.public_key(), as_dict=True)
        modulus = RSAAlgorithm.to_jwk(self.rsa_key.public_key(), as_dict=True)
        return {
            "keys": [
                elliptic | {"kid": "acme-ES256", "alg": "ES256"},
                modulus | {"kid": "acme-RS256", "alg": "RS256"},
            ]
        }

    def metadata(self) -> dict[str, Any]:
        """Return what OpenID Connect Discovery asks for, as far as Acme has it."""
        return {
            "issuer": self.url,
            "jwks_uri": f"{self.url}/jwks",
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/code",
            "response_types_supported": ["code"],
            "code_challenge_methods_supported": ["S256"],
            "authorization_response_iss_parameter_supported": True,
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["ES256", "RS256"],
        }


class Server(ThreadingTCPServer):
    """An HTTP server on loopback. (HTTPServer itself would ask the DNS for its own name.)"""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, port: int, audience: str) -> None:
        url = f"http://127.0.0.1:{port}"
        self.issuers = {path: Issuer(url + path, audience) for path in ("", "/globex")}
        super().__init__(("127.0.0.1", port), Handler)


class Handler(BaseHTTPRequestHandler):
    """Answer requests for keys, metadata and tokens."""

    server: Server

    def do_GET(self) -> None:
        """Answer with a document, or with a token about the person in the query."""
        url = urlsplit(self.path)
        whose = "/globex" if url.path.startswith("/globex/") else ""
        issuer = self.server.issuers[whose]
        match url.path.removeprefix(whose):
            case "/jwks":
                self.answer(json.dumps(issuer.jwks()), "application/json")
            case "/.well-known/openid-configuration":
                self.answer(json.dumps(issuer.metadata()), "application/json")
            case "/token":
                self.answer_token(issuer, url.query)
            case "/authorize":
                self.answer(sign_in_page(whose, url.query), "text/html; charset=utf-8")
            case "/signed-in" | "/cancel":
                self.go_back(issuer, url.query)
            case _:
                self.send_error(HTTPStatus.NOT_FOUND, explain=f"Ask for {USAGE}")

    def do_POST(self) -> None:
        """Answer a code with an ID token."""
        whose = "/globex" if self.path.startswith("/globex/") else ""
        if self.path.removeprefix(whose) != "/code":
            self.send_error(HTTPStatus.NOT_FOUND)
            return
        length = min(int(self.headers.get("Content-Length", 0)), 16_384)
        sent = dict(parse_qsl(self.rfile.read(length).decode()))
        authorization = self.headers.get("Authorization", "")
        answer = self.server.issuers[whose].redeem(sent, authorization)
        status = HTTPStatus.BAD_REQUEST if "error" in answer else HTTPStatus.OK
        self.answer(json.dumps(answer), "application/json", status)

    def go_back(self, issuer: Issuer, query: str) -> None:
        """Send somebody back to where they came from, signed in as whom they chose."""
        asked = dict(parse_qsl(query))
        try:
            address = issuer.sign_in(asked, asked.pop("person", ""))
        except KeyError:
            self.send_error(HTTPStatus.BAD_REQUEST, explain="This client is not registered.")
            return
        self.send_response(HTTPStatus.FOUND)
        self.send_header("Location", address)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def answer_token(self, issuer: Issuer, form: str) -> None:
        """Answer with the token that a form asks for, as plain text."""
        try:
            token = issuer.token(**dict(parse_qsl(form)))
        except (KeyError, TypeError):
            self.send_error(HTTPStatus.BAD_REQUEST, explain=f"Ask for {USAGE}")
        else:
            self.answer(token, "text/plain")

    def answer(self, text: str, content_type: str, status: HTTPStatus = HTTPStatus.OK) -> None:
        """Send text."""
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def sign_in_page(whose: str, query: str) -> str:
    """Return a page on which one chooses who to be: Acme asks nobody for a password."""
    asked = html.escape(query)
    people = "".join(
        f'<li><a href="{whose}/signed-in?{asked}&amp;person={name}">{name.title()}</a></li>'
        for name in PEOPLE
    )
    return PAGE.format(people=people, query=asked, whose=whose)


def main() -> None:
    """Serve until the process is ended."""
    parser = argparse.ArgumentParser(description="Issue tokens about three people.")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--audience", required=True, help="whom the tokens are for")
    arguments = parser.parse_args()
    Server(arguments.port, arguments.audience).serve_forever()


if __name__ == "__main__":
    main()
