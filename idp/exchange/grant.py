"""The grant: parse, decide, commit, and record whatever happened."""

import time
from typing import Any

from applications import grant_types
from connections.rows import insert
from idp.addresses import absolute
from idp.call import Call
from idp.client import authenticate_client, check_grant_type
from idp.errors import OAuthError, TemporarilyUnavailable
from idp.exchange import record as records
from idp.exchange.commit import Overtaken, commit
from idp.exchange.pipeline import decide
from idp.exchange.request import parse
from idp.models import ExchangeRecord
from idp.unsupported import refuse_unsupported
from idp.writing import turn_to_write

ATTEMPTS = 3


def exchange(call: Call) -> dict[str, Any]:
    """
    Answer a token exchange request.

    Whatever comes of it leaves one record: a grant together with its token, everything else in
    a transaction of its own, which no rollback erases.

    :raises OAuthError: where the exchange is refused; `error_uri` of the answer leads to the record
    """
    record = records.begin(call.form, remote_address=call.remote_address)
    try:
        return _exchange(call, record)
    except OAuthError as refusal:
        records.refuse(record, refusal)
        refusal.error_uri = absolute("exchange-record", record.pk)
        raise
    finally:
        if record.outcome != ExchangeRecord.Outcome.GRANTED:
            with turn_to_write():
                insert(record)


def _exchange(call: Call, record: ExchangeRecord) -> dict[str, Any]:
    application = authenticate_client(call)  # 2
    records.note_application(record, application)
    check_grant_type(application, grant_types.TOKEN_EXCHANGE)  # 3
    refuse_unsupported(call)
    request = parse(call.form)  # 1
    records.note_request(record, request)
    for _attempt in range(ATTEMPTS):
        now = time.time()
        try:
            return commit(decide(request, application, record, now=now), record, now=now)
        except Overtaken:
            continue
    raise TemporarilyUnavailable(
        "The account of this subject is being changed. Try again.",
        retry_after=1,
        reason="account.overtaken",
    )
