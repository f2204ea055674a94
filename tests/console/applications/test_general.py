"""The General tab: a name, a description, and what is there to be copied."""

import pytest

from idp.models import AuditEvent
from tests.console.applications.conftest import actions, fields_of, reload, text_of
from tests.console.connections.conftest import private_pem
from tests.fixtures import change


@pytest.fixture
def path(application):
    return f"/console/applications/{application.pk}/"


def test_saving_what_is_shown_changes_nothing(save, path):
    answer = save(path)

    assert answer.status_code == 302
    assert actions() == []


def test_name_and_description_can_be_changed(console, save, path, application):
    save(path, name="Shop", description="Sells things.")

    assert (reload(application).name, reload(application).description) == ("Shop", "Sells things.")
    assert "Saved." in text_of(console.get(path))
    assert actions() == ["application.updated"]


def test_the_client_id_cannot_be_changed_here(save, path, application):
    save(path, name="Shop", client_id="other")

    assert reload(application).client_id == "orders"


def test_identifiers_are_there_to_be_copied(console, path):
    page = text_of(console.get(path))

    for address in ("orders", "https://id.ours.example", "https://id.ours.example/oauth2/token"):
        assert f'<clipboard-copy value="{address}"' in page


def test_a_mistake_keeps_what_was_typed(save, path, application):
    answer = save(path, name="", description="A long story")

    assert answer.status_code == 422
    assert "Enter a name." in text_of(answer)
    assert "A long story" in text_of(answer)
    assert "<h1><bdi>Orders</bdi></h1>" in text_of(answer)


def test_somebody_elses_change_is_not_overwritten(console, path, application):
    fields = fields_of(text_of(console.get(path)))
    change(application, description="Theirs")

    answer = console.post(path, fields | {"description": "Mine"})

    assert answer.status_code == 409
    assert "Theirs" in text_of(answer)
    assert "Mine" in text_of(answer)
    assert reload(application).description == "Theirs"


@pytest.mark.parametrize("pk", ["0", "9" * 30])
@pytest.mark.parametrize("tab", ["", "protocol/", "exchange/", "secret/", "created/"])
def test_an_application_that_is_not_there_is_not_found(console, pk, tab):
    assert console.get(f"/console/applications/{pk}/{tab}").status_code == 404
    assert console.post(f"/console/applications/{pk}/{tab}").status_code == 404


PRIVATE_JWK = '{"kty": "EC", "crv": "P-256", "x": "eA", "y": "eQ", "d": "%s"}'


@pytest.mark.parametrize("tab", ["", "exchange/", "protocol/"])
@pytest.mark.parametrize("kind", ["jwk", "pem"])
def test_a_private_key_in_the_wrong_field_is_not_kept_or_shown(save, path, application, tab, kind):
    """It was saved in the description, and a JWK in the audit log for two years."""
    pasted = private_pem()[:900] if kind == "pem" else PRIVATE_JWK % ("c2VjcmV0" * 4)
    secret = pasted[40:80] if kind == "pem" else "c2VjcmV0"
    before = reload(application).description

    for field in {"": ("name", "description"), "exchange/": ("scopes",)}.get(tab, ("jwks_uri",)):
        answer = save(path + tab, **{field: pasted})

        assert answer.status_code == 422
        assert "nothing of it was kept" in text_of(answer)
        assert secret not in text_of(answer)
    assert reload(application).description == before
    assert not AuditEvent.objects.exists()
