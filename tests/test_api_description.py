"""The published description is true, and nothing that fits it or does not is answered by a 5xx."""

import pytest
import schemathesis
import yaml
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from idp.endpoints.metadata import metadata
from idp.endpoints.openapi import DESCRIPTION
from tests import keys
from tests.fixtures import SECRET, basic

HOST = "https://id.ours.example"
DOCUMENT = yaml.safe_load(DESCRIPTION.read_text())
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]

schema = schemathesis.openapi.from_dict(DOCUMENT | {"servers": [{"url": HOST}]})
schema.app = get_wsgi_application()  # not idp.wsgi: that one clears the environment


@pytest.fixture(autouse=True)
def one_connection():
    """Keep the test's own database connection open, as Django's test client does."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def unlimited(settings):
    """Let wrong secrets not be slowed down: here they are meant."""
    settings.CLIENT_FAILURES = settings.ADDRESS_FAILURES = 10**9


@pytest.mark.django_db
@schema.parametrize()
@settings(
    max_examples=25,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
def test_whatever_is_sent_the_answer_is_as_described(case, application, connection, unlimited):
    case.call_and_validate(checks=CHECKS)
    # Once more as somebody who may, so that more than the door is tried.
    case.headers = {**(case.headers or {}), "Authorization": basic("orders", SECRET)}
    if isinstance(case.body, dict) and "subject_token" in case.body:
        case.body = case.body | {"subject_token": keys.sign()}
    case.call_and_validate(checks=CHECKS)


def test_the_description_and_the_metadata_agree():
    token = DOCUMENT["paths"]["/oauth2/token"]["post"]
    form = token["requestBody"]["content"]["application/x-www-form-urlencoded"]["schema"]

    described = form["properties"]["grant_type"]["enum"]
    assert described == metadata()["grant_types_supported"]


def test_the_description_is_published_with_our_own_address(client, db):
    response = client.get("/openapi.json")

    assert response.json()["servers"] == [{"url": HOST}]
    assert set(response.json()["paths"]) == set(DOCUMENT["paths"])
    assert response["Access-Control-Allow-Origin"] == "*"
