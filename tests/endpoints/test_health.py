"""Whether the process lives, and whether it can do its work."""

import pytest
from django.db import InterfaceError, OperationalError

from idp.models import SigningKey
from idp.tokens import signing


def test_a_process_that_answers_is_alive(client):
    assert (client.get("/healthz").status_code, client.get("/healthz").content) == (200, b"ok\n")


@pytest.mark.django_db
def test_a_server_with_database_and_keys_is_ready(client):
    assert client.get("/readyz").status_code == 200


@pytest.mark.django_db
def test_a_server_with_another_secret_key_is_not_ready(client, settings, monkeypatch):
    client.get("/readyz")
    monkeypatch.setattr(signing, "_private_keys", {})
    settings.SECRET_KEY = "another"

    response = client.get("/readyz")

    assert response.status_code == 503
    assert response["Cache-Control"] == "no-store"
    assert "AGIO_SECRET_KEY" not in response.content.decode()  # that is for the log


@pytest.mark.django_db
@pytest.mark.parametrize("problem", [OperationalError, InterfaceError])
def test_a_server_without_its_database_is_alive_and_not_ready(client, monkeypatch, problem):
    def gone(*args, **kwargs):
        raise problem("no database")

    monkeypatch.setattr(SigningKey.objects, "filter", gone)

    assert client.get("/readyz").status_code == 503
    assert client.get("/healthz").status_code == 200
