"""The User attributes tab of an application: what tokens say, and whom they are for."""

import pytest

from applications.attributes import PROFILE
from applications.models import Application
from idp.console.applications.attributes import LABELS
from idp.models import AuditEvent
from tests.console.conftest import save
from tests.fixtures import change


@pytest.fixture
def path(application):
    return f"/console/applications/{application.pk}/attributes/"


@pytest.fixture
def send(console, path):
    """Return a function that sends the form as a browser does."""

    def send(**data):
        return save(console, path, data)

    return send


def refused(response, sentence):
    """Assert that nothing was saved, and what the page says."""
    assert response.status_code == 422
    page = " ".join(response.content.decode().split())
    assert sentence in page
    assert "Nothing was saved yet" in page
    assert not AuditEvent.objects.exists()


def test_every_attribute_there_is_can_be_switched_on(console, path):
    page = console.get(path).content.decode()

    assert set(LABELS) == set(PROFILE)
    for name in PROFILE:
        assert f'name="attributes" value="{name}"' in page
        assert f"<code>{name}</code>" in page


def test_attributes_are_saved_and_written_down(send, application):
    response = send(attributes=["email", "given_name"])

    assert response.status_code == 302
    application.refresh_from_db()
    assert application.attributes == {"email", "given_name"}
    event = AuditEvent.objects.get()
    assert (event.action, event.after) == (
        "application.updated",
        {"attributes": ["email", "given_name"]},
    )


def test_attributes_can_all_be_switched_off(send, application):
    change(application, attributes={"email"})

    send()

    application.refresh_from_db()
    assert application.attributes == frozenset()


def test_saved_attributes_are_shown_as_on(console, path, application):
    change(application, attributes={"locale"})

    page = console.get(path).content.decode()

    assert page.count('name="attributes"') == len(PROFILE)
    assert 'value="locale" checked>' in page
    assert 'value="email" checked>' not in page


@pytest.mark.parametrize("name", ["shoe_size", "sub", "email\0", "EMAIL"])
def test_an_attribute_that_does_not_exist_is_refused(send, name):
    refused(send(attributes=["email", name]), "Select a valid choice.")


def test_both_switches_are_saved(send, application):
    send(prioritize_local="on", mandate_local="on")

    application.refresh_from_db()
    assert application.prioritize_local
    assert application.mandate_local


def test_mandating_needs_prioritizing(send, application):
    refused(
        send(mandate_local="on"),
        "Mandating a linked local account needs “prioritize local account attributes”.",
    )

    application.refresh_from_db()
    assert not application.mandate_local


def test_prioritizing_cannot_be_switched_off_under_a_mandate(send, application):
    change(application, prioritize_local=True, mandate_local=True)

    refused(send(mandate_local="on"), "Mandating a linked local account needs")

    application.refresh_from_db()
    assert application.prioritize_local


def test_what_was_chosen_stays_when_something_is_refused(send):
    page = send(mandate_local="on", attributes=["picture"]).content.decode()

    assert 'value="picture" checked>' in page
    assert 'data-watch="dirty"' in page


def test_other_settings_of_the_application_stay_as_they_are(send, application):
    before = Application.objects.values().get()

    send(attributes=["email"], prioritize_local="on")

    after = Application.objects.values().get()
    changed = {name for name in before if before[name] != after[name]} - {"updated"}
    assert changed == {"attributes", "prioritize_local"}


def test_somebody_elses_change_is_not_overwritten(console, send, path, application):
    version = console.get(path).context["form"].version
    change(application, attributes={"email"})

    response = send(attributes=["locale"], version=version)

    assert response.status_code == 409
    application.refresh_from_db()
    assert application.attributes == {"email"}


def test_each_switch_says_what_it_does_to_sub_and_to_linking(console, path):
    page = " ".join(console.get(path).content.decode().split())

    assert "sub is the account’s own ID" in page
    assert "Connections link accounts automatically only while this is on." in page
    assert "its exchange is refused with invalid_request" in page
    assert "Works only together with the switch above." in page


@pytest.mark.parametrize("key", [999, 10**30])
def test_an_application_that_is_not_there_is_not_found(console, key):
    assert console.get(f"/console/applications/{key}/attributes/").status_code == 404
    assert console.post(f"/console/applications/{key}/attributes/", {}).status_code == 404


def test_only_administrators_may_save(client, bob, path, application):
    client.force_login(bob)

    assert client.post(path, {"attributes": ["email"]}).status_code == 403
    application.refresh_from_db()
    assert application.attributes == frozenset()


def test_the_page_takes_few_queries(console, path, django_assert_max_num_queries):
    with django_assert_max_num_queries(7):
        console.get(path)
