"""That the search for leaks finds them, and what the log looks like (AT-130, AT-137, AT-138)."""

import json
import logging

from idp.logs import JsonFormatter
from idp.models import ExchangeRecord
from tests import keys
from tests.leaks import Recorder, Watch

SECRET = "a secret that is long enough to be one"


def test_a_secret_in_a_table_is_found(db):
    watch = Watch()
    watch.note("client_secret", SECRET)
    ExchangeRecord.objects.create(found=f"the client sent {SECRET}")

    assert watch.leaks() == ["idp_exchangerecord"]


def test_a_secret_in_the_log_is_found(db):
    watch = Watch()
    watch.note("subject_token", SECRET)
    logger = logging.Logger("any")
    logger.addHandler(Recorder(watch))

    logger.warning("got %s", SECRET)

    assert watch.leaks() == ["the log"]


def test_a_token_in_an_answer_is_watched():
    watch = Watch()

    watch.note_answer(b'{"access_token": "abc"}')

    assert watch.secrets == {"abc"}


def line(message: str, *args: object) -> str:
    """Return a record as it is written."""
    record = logging.LogRecord("any", logging.WARNING, "", 1, message, args, None)
    return JsonFormatter().format(record)


def test_a_record_is_one_line_of_json_whatever_is_in_it():
    hostile = 'a\r\nb\x1b[31m\u2028"}{"level": "info'

    written = line("%s", hostile)

    assert written.isascii()
    assert written.isprintable()
    assert json.loads(written)["message"] == hostile


def test_a_token_that_a_library_quotes_is_not_written():
    token = keys.sign()

    assert token not in line("cannot parse %s", token)
    assert token.split(".")[1] not in line("cannot parse %s", token)


def test_the_id_of_a_request_is_in_the_answer_the_record_and_the_log(exchange, watch):
    answers = [exchange(), exchange(subject_token=keys.sign(exp=1))]

    ids = [answer["X-Request-Id"] for answer in answers]
    recorded = ExchangeRecord.objects.order_by("at").values_list("pk", flat=True)
    assert [str(number) for number in recorded] == ids
    logged = [json.loads(text) for text in watch.log]
    (refused,) = [members for members in logged if members["message"] == "Refused."]
    assert refused["request_id"] == ids[1]
    assert (refused["error"], refused["reason"]) == ("invalid_request", "time.expired")


def test_an_id_that_the_caller_made_up_is_not_taken(client):
    made_up = "00000000-0000-0000-0000-000000000000"

    answer = client.get("/healthz", headers={"X-Request-Id": made_up})

    assert answer["X-Request-Id"] != made_up
