"""What is remembered of an attempt: texts from strangers, cut and cleaned before they are kept."""

import hashlib
import uuid

from applications.models import Application
from idp.correlation import request_id
from idp.errors import OAuthError
from idp.exchange.request import ExchangeRequest
from idp.form import Form
from idp.models import ExchangeRecord


def begin(form: Form, *, remote_address: str | None) -> ExchangeRecord:
    """Start the record of an attempt: failed, until it is known to be something else."""
    return ExchangeRecord(
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
    """Remember who proved to be calling."""
    record.application = application
    record.client_id = application.client_id


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
