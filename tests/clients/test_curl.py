"""The request of the documentation that this product starts from, sent by curl itself."""

import base64
import json
import subprocess
from typing import Any

from tests.clients.verified import verified

EXCHANGE = """\
curl --silent --location --request POST '{agio}/oauth2/token' \\
  --header 'Content-Type: application/x-www-form-urlencoded' \\
  --header 'Authorization: Basic {credentials}' \\
  --data-urlencode 'subject_token={subject_token}' \\
  --data-urlencode 'subject_token_type=urn:ietf:params:oauth:token-type:jwt' \\
  --data-urlencode 'requested_token_type=urn:ietf:params:oauth:token-type:access_token' \\
  --data-urlencode 'grant_type=urn:ietf:params:oauth:grant-type:token-exchange' \\
  --write-out '\\n%{{http_code}}'
"""


def send(live_agio: Any, subject_token: str) -> tuple[int, dict[str, Any]]:
    """Return status and body of the answer."""
    credentials = base64.b64encode(f"orders:{live_agio.orders_secret}".encode()).decode()
    command = EXCHANGE.format(
        agio=live_agio.agio, credentials=credentials, subject_token=subject_token
    )
    shell = ["bash", "-c", command]
    printed = subprocess.run(shell, capture_output=True, text=True, check=True).stdout
    body, _, status = printed.rpartition("\n")
    return int(status), json.loads(body)


def test_curl_of_the_documentation_exchanges_a_token(live_agio, jwks):
    status, answer = send(live_agio, live_agio.acme_token("ann"))
    assert status == 200
    assert answer["issued_token_type"] == "urn:ietf:params:oauth:token-type:access_token"
    assert answer["token_type"] == "Bearer"
    assert type(answer["expires_in"]) is int
    assert verified(answer["access_token"], jwks, live_agio, audience="orders")


def test_curl_of_the_documentation_is_refused_with_a_token_for_somebody_else(live_agio):
    status, answer = send(live_agio, live_agio.acme_token("ann", kind="wrong-audience"))
    assert status == 400
    assert answer["error"] == "invalid_request"
    assert "is not intended for this server" in answer["error_description"]
