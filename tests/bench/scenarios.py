"""What is asked, and which answer is right."""

import json
from base64 import b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import time
from urllib.parse import urlencode

from applications import grant_types
from tests import keys
from tests.bench import answers
from tests.bench.answers import Check

SECRET = "a secret of thirty-two characters or more, for the bench only"
LINKED = [f"linked-{number}" for number in range(20)]
STRANGERS = [f"stranger-{number}" for number in range(100)]

JWT = "urn:ietf:params:oauth:token-type:jwt"

type Request = tuple[str, Check]
type Write = Callable[[int], Request]


@dataclass(frozen=True, slots=True)
class Scenario:
    """Something to measure: its name in the table, who answers, and the n-th request."""

    name: str
    server: str
    request: Write

    def requests(self, count: int) -> Sequence[Request]:
        """Write that many requests, each with its own token."""
        return [self.request(number) for number in range(count)]


def empty_view(_number: int) -> Request:
    """Ask for nothing."""
    return "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", answers.is_empty_view


def toolkit_client_credentials(_number: int) -> Request:
    """Ask the toolkit for a token."""
    return post(grant_type=grant_types.CLIENT_CREDENTIALS), answers.is_bearer


def client_credentials(_number: int) -> Request:
    """Ask us for the same."""
    request = post(grant_type=grant_types.CLIENT_CREDENTIALS)
    return request, answers.is_jwt_for("bench-ES256", "ES256")


def exchange(alg: str, subjects: Sequence[str]) -> Write:
    """Return what asks for a token signed by `alg` for one of the subjects."""

    def write(number: int) -> Request:
        subject = subjects[number % len(subjects)]
        check = answers.is_exchanged(subject, alg, linked=subjects is LINKED)
        return post_exchange(sign(number, sub=subject), client_id=f"bench-{alg}"), check

    return write


def mix(number: int) -> Request:
    """Ask for a token, in 7 of 10 cases with a good one and rightly."""
    expired, stranger = {"exp": int(time()) - 900}, {"iss": "https://unknown.example"}
    match number % 10:
        case 3:
            check = answers.is_refusal(400, "invalid_request", "has expired")
            return post_exchange(sign(number, **expired)), check
        case 6:
            check = answers.is_refusal(400, "invalid_request", "is not trusted")
            return post_exchange(sign(number, **stranger)), check
        case 9:
            check = answers.is_refusal(401, "invalid_client", "authentication failed")
            return post_exchange(sign(number), secret="wrong" * 10), check
    return exchange("ES256", LINKED if number % 2 else STRANGERS)(number)


def sign(number: int, **claims: object) -> str:
    """Sign a subject token by RS256 that is good for longer than the bench runs."""
    return keys.sign(**{"exp": int(time()) + 3000, "jti": f"bench-{number}"} | claims)


def post_exchange(subject_token: str, **client: str) -> str:
    """Write an exchange request."""
    return post(
        **client,
        grant_type=grant_types.TOKEN_EXCHANGE,
        subject_token=subject_token,
        subject_token_type=JWT,
    )


def post(*, client_id: str = "bench-ES256", secret: str = SECRET, **form: str) -> str:
    """Write a request to the token endpoint as it goes over the wire."""
    body, proof = urlencode(form), b64encode(f"{client_id}:{secret}".encode()).decode()
    head = (
        "POST /oauth2/token HTTP/1.1",
        "Host: 127.0.0.1",
        f"Authorization: Basic {proof}",
        "Content-Type: application/x-www-form-urlencoded",
        f"Content-Length: {len(body)}",
    )
    return "\r\n".join(head) + "\r\n\r\n" + body


def configuration(jwks_uri: str) -> str:
    """Return the file that `manage.py apply` sets Agio up with; JSON is YAML too."""
    connection = {"name": "Acme", "issuer": keys.ISSUER, "jwks_uri": jwks_uri}
    return json.dumps(
        {
            "connections": [connection],
            "applications": [_application(alg) for alg in ("ES256", "RS256")],
            "users": [_person(subject) for subject in LINKED],
        }
    )


def _application(alg: str) -> dict[str, object]:
    return {
        "name": f"Bench {alg}",
        "client_id": f"bench-{alg}",
        "client_secret": SECRET,
        "type": "traditional-web",
        "grant_types": ["token-exchange", "client_credentials"],
        "connections": "all",
        "linked_accounts": {"prioritize_local": True, "mandate": False},
        "attributes": ["email", "given_name"],
        "access_token": {"format": "jwt", "lifetime": 900, "signing_algorithm": alg},
    }


def _person(subject: str) -> dict[str, object]:
    address = f"{subject}@ours.example"
    links = [{"connection": "Acme", "subject": subject}]
    return {"username": subject, "email": address, "email_verified": True, "links": links}


TOOLKIT, EMPTY = "toolkit client_credentials", "empty view"
SCENARIOS = (
    Scenario(EMPTY, "agio", empty_view),
    Scenario(TOOLKIT, "toolkit", toolkit_client_credentials),
    Scenario("client_credentials, ES256", "agio", client_credentials),
    Scenario("exchange RS256 > ES256, federated", "agio", exchange("ES256", STRANGERS)),
    Scenario("exchange RS256 > ES256, linked", "agio", exchange("ES256", LINKED)),
    Scenario("exchange RS256 > RS256, federated", "agio", exchange("RS256", STRANGERS)),
    Scenario("exchange RS256 > RS256, linked", "agio", exchange("RS256", LINKED)),
    Scenario("exchange, 3 of 10 refused", "agio", mix),
)
