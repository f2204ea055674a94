"""Which application is calling, and whether it has proved that (RFC 6749 2.3)."""

from collections.abc import Sequence
from dataclasses import dataclass

from applications import secrets
from applications.models import Application
from connections.addresses import is_plain_text
from connections.prepared import Finder

# What only administrators look at stays where it is.
_by_client_id = Finder(
    Application.objects.defer(
        *("redirect_uris", "post_logout_redirect_uris", "created", "updated", "description"),
        *("secret_tail", "secret_created_at", "former_secret_tail"),
    ),
    "client_id",
    read_once=256,
)


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a request offers as proof: a method, a client ID, and a secret where there is one."""

    method: str
    client_id: str
    secret: str = ""


def authenticate(candidates: Sequence[Credentials]) -> Application | None:
    """
    Return the application that the credentials belong to, or None.

    `candidates` are readings of one and the same proof (raw and form-encoded Basic). An unknown
    client, a disabled one, another method than the registered one and a wrong secret are one
    answer, and cost the same (CA-12, CA-14, CA-15).
    """
    application = _find([candidate.client_id for candidate in candidates])
    stored = application.secret_digests() if application else []
    proved = False
    for candidate in candidates:
        right_secret = secrets.matches(candidate.secret, stored)
        proved |= application is not None and _accepts(application, candidate, right_secret)
    return application if proved else None


def _find(client_ids: Sequence[str]) -> Application | None:
    """Look for each reading, whatever the first brings: both are one client's or nobody's."""
    known_form = [client_id for client_id in client_ids if client_id and is_plain_text(client_id)]
    found = [_by_client_id.find(client_id) for client_id in dict.fromkeys(known_form or [""])]
    return next(filter(None, found), None)


def _accepts(application: Application, offered: Credentials, right_secret: bool) -> bool:
    return (
        application.enabled
        and application.client_id == offered.client_id
        and application.authentication_method == offered.method
        and (application.is_public or right_secret)
    )
