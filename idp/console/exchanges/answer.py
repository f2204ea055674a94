"""What the client was told of an attempt that was not granted: status and body."""

import json
from dataclasses import dataclass
from http import HTTPStatus

from idp import errors
from idp.addresses import absolute
from idp.models import ExchangeRecord

SERVER_ERROR = "server_error"
FAILED = "Something failed here."  # as in idp.endpoints.base


@dataclass(frozen=True, slots=True)
class Answer:
    """A refusal as it went over the wire, laid out for people."""

    status: HTTPStatus
    body: str


def answer(record: ExchangeRecord) -> Answer | None:
    """Return what the client was told; None for a grant, whose token is not kept."""
    if record.outcome == ExchangeRecord.Outcome.GRANTED:
        return None
    members = {"error": record.error, "error_description": record.description}
    if record.outcome == ExchangeRecord.Outcome.FAILED:
        members["error_description"] = FAILED
    else:
        members["error_uri"] = absolute("exchange-record", record.pk)
    return Answer(_status(record), json.dumps(members, indent=2))


def _status(record: ExchangeRecord) -> HTTPStatus:
    if record.error == SERVER_ERROR:
        return HTTPStatus.INTERNAL_SERVER_ERROR
    if record.error == errors.TryAgain.error:
        too_often = record.reason == "client.too-many-failures"
        kind = errors.TooManyRequests if too_often else errors.TemporarilyUnavailable
        return HTTPStatus(kind.status)
    is_client = record.error == errors.InvalidClient.error
    return HTTPStatus(errors.InvalidClient.status if is_client else errors.OAuthError.status)
