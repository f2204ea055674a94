"""Commands to paste: requests to Agio, written with curl."""

import shutil
import sys
from dataclasses import dataclass

EXCHANGE = """\
curl -s -w '\\n' {agio}/oauth2/token \\
  -u {client} \\
  -d grant_type=urn:ietf:params:oauth:grant-type:token-exchange \\
  -d subject_token_type=urn:ietf:params:oauth:token-type:jwt \\
  -d requested_token_type=urn:ietf:params:oauth:token-type:access_token \\
  -d subject_token={subject_token}"""

INTROSPECT = """\
TOKEN=$({exchange} \\
  | {python} -c 'import json, sys; print(json.load(sys.stdin)["access_token"])')
curl -s -w '\\n' {agio}/oauth2/introspect \\
  -u {client} \\
  -d token="$TOKEN\""""

REFRESH = """\
REFRESH_TOKEN=$({exchange} \\
  | {python} -c 'import json, sys; print(json.load(sys.stdin)["refresh_token"])')
curl -s -w '\\n' {agio}/oauth2/token \\
  -u {client} \\
  -d grant_type=refresh_token \\
  -d refresh_token="$REFRESH_TOKEN\""""


@dataclass(frozen=True, slots=True)
class Client:
    """An application that calls Agio, with Basic authentication."""

    agio: str
    client_id: str
    secret: str

    def exchange(self, subject_token: str) -> str:
        """Return a request that exchanges the token."""
        return self._fill(EXCHANGE, subject_token=subject_token)

    def introspect(self, subject_token: str) -> str:
        """Return commands that exchange the token and introspect the one they get."""
        return self._fill(INTROSPECT, exchange=self.exchange(subject_token))

    def refresh(self, subject_token: str) -> str:
        """Return commands that exchange the token and refresh the one they get."""
        return self._fill(REFRESH, exchange=self.exchange(subject_token))

    def _fill(self, template: str, **values: str) -> str:
        # An interpreter is there in any case: the one that runs the demo.
        python = "python3" if shutil.which("python3") else sys.executable
        client = f"{self.client_id}:{self.secret}"
        return template.format(agio=self.agio, client=client, python=python, **values)
