"""What is remembered of an attempt: texts from strangers, cut and cleaned before they are kept."""

import hashlib
import uuid

from applications.models import Application
from connections.excerpt import excerpt
from connections.jws import UnverifiedToken
from connections.models import Connection
from connections.rows import new
from idp.correlation import request_id
from idp.errors import OAuthError
from idp.exchange.request import ExchangeRequest
from idp.form import Form
from idp.models import ExchangeRecord

HEADER = ("alg", "kid", "typ")
CLAIMS = ("iss", "exp", "nbf", "iat", "aud", "jti")


def begin(form: Form, *, remote_address: str | None) -> ExchangeRecord:
    """Start the record of an attempt: failed, until it is known to be something else."""
    return new(
        ExchangeRecord,
        id=request_id() or uuid.uuid4(),
        outcome=ExchangeRecord.Outcome.FAILED,
        error="server_error",
        client_id=clean(form.get("client_id"), 255),
        subject_token_type=clean(form.get("subject_token_type"), 100),
        requested_token_type=clean(form.get("requested_token_type"), 100),
        audience=clean(" ".join(form.all("audience") + form.all("resource")), 500),
        scope=clean(form.get("scope"), 500),
        remote_address=remote_address,
    )


def note_application(record: ExchangeRecord, application: Application) -> None:
    """Remember who proved to be calling, and what they may ask for at this moment."""
    record.application_id = application.pk
    record.client_id = application.client_id
    record.evidence["application"] = {
        "authentication": application.authentication_method,
        "grants": excerpt(" ".join(sorted(application.grant_types))),
        "connections": application.connection_choice,
        "prioritize": application.prioritize_local,
        "mandate": application.mandate_local,
        "audiences": excerpt(" ".join(sorted(application.audiences))),
        "scopes": excerpt(" ".join(sorted(application.scopes))),
    }


def note_token(record: ExchangeRecord, token: UnverifiedToken) -> None:
    """Remember what the token says of itself; nothing of it is proved yet."""
    header = {name: excerpt(token.header[name]) for name in HEADER if name in token.header}
    claims = {name: excerpt(token.claims[name]) for name in CLAIMS if name in token.claims}
    record.evidence["token"] = header | claims


def note_connection(record: ExchangeRecord, connection: Connection) -> None:
    """Remember which connection the token is held against, and how strictly at this moment."""
    record.connection_id, record.issuer = connection.pk, connection.issuer
    record.evidence["connection"] = {
        "keys": connection.key_source,
        "algorithms": " ".join(sorted(connection.algorithms)),
        "skew": connection.clock_skew,
        "age": connection.maximum_token_age,
        "alias": connection.alias,
        "once": connection.one_time_tokens,
    }


def note_request(record: ExchangeRecord, request: ExchangeRequest) -> None:
    """Remember which token was sent, by its digest only."""
    record.subject_token_digest = hashlib.sha256(request.subject_token.encode()).hexdigest()


def refuse(record: ExchangeRecord, refusal: OAuthError) -> None:
    """Remember the refusal, with what the client is not told."""
    record.outcome = ExchangeRecord.Outcome.REFUSED
    record.error = refusal.error
    record.reason = clean(refusal.reason, 40)
    record.description = clean(refusal.description, 300)
    record.found = clean(refusal.found, 300)
    record.wanted = clean(refusal.wanted, 300)


def clean(text: str, length: int) -> str:
    """Return at most `length` characters of the text, unprintable ones replaced."""
    kept = text[:length]
    if kept.isprintable():
        return kept
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in kept)
