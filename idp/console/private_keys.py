"""Notice a private key in what somebody pasted, so that it goes into no page and no table."""

import re
from typing import Any

from django.http import QueryDict

from connections.certificate_file import has_private_key
from connections.key_set import NotAKeySet, judge_key_set
from connections.keys import PRIVATE_MEMBERS

# Also in what is not quite JSON: whoever pastes half of a private key has pasted a secret.
_MEMBERS = "|".join(sorted(PRIVATE_MEMBERS))
_LOOKS_PRIVATE = re.compile(rf'PRIVATE KEY|["\']?\b(?:{_MEMBERS})["\']?\s*:\s*["\']')


def holds_private_key(text: str) -> bool:
    """Say whether the text has a private key in it: PEM, JWK or JWK Set, in any spelling."""
    if has_private_key(text):
        return True
    try:
        judged = judge_key_set(text.encode())
    except (NotAKeySet, UnicodeEncodeError):
        judged = []
    return any(key.is_secret for key in judged) or bool(_LOOKS_PRIVATE.search(text))


def without_private_keys(sent: Any) -> tuple[Any, list[str]]:
    """Return what a browser sent, with private keys blanked, and the names of those fields."""
    if not isinstance(sent, QueryDict):
        return sent, []
    blanked = [name for name, values in sent.lists() if any(map(has_private_key, values))]
    if blanked:
        sent = sent.copy()
        for name in blanked:
            sent[name] = ""
    return sent, blanked
