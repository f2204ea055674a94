"""New connection: three steps, and nothing typed is ever lost."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from connections.models import Connection
from idp.console.connections.wizard import _finish
from idp.forget import forget
from idp.models import AuditEvent, ConnectionDraft
from tests import keys
from tests.console.connections.conftest import (
    BY_URL,
    GENERAL,
    Wizard,
    by_certificate,
    private_pem,
)
from tests.fixtures import change


def test_three_steps_make_a_connection(wizard, administrator):
    assert "Step 2 of 3" in wizard.send("general", GENERAL).content.decode()
    review = wizard.send("keys", BY_URL).content.decode()
    assert "https://login.northwind.example/jwks.json" in review
    assert not Connection.objects.exists()

    page = wizard.finish()

    made = Connection.objects.get()
    assert (made.name, made.issuer, made.alias) == (
        "Northwind", "https://login.northwind.example", "api://agio",
    )  # fmt: skip
    assert (made.key_source, made.enabled) == ("jwks", True)
    assert made.algorithms == {"RS256", "ES256"}
    text = page.content.decode()
    assert "Connection “Northwind” created." in text
    assert "What next" in text
    assert "curl https://id.ours.example/oauth2/token" in text
    event = AuditEvent.objects.get(target_kind="connection")
    assert (event.action, event.actor_name) == ("connection.created", "root")


def test_a_connection_can_be_prepared_without_being_enabled(wizard):
    wizard.send("general", GENERAL)
    wizard.send("keys", BY_URL)

    wizard.send("review", {}, "finish")

    assert not Connection.objects.get().enabled


def test_certificates_that_overlap_are_all_kept(wizard):
    wizard.send("general", GENERAL)
    wizard.send("keys", by_certificate(keys.certificate(), keys.certificate("ES256")))

    wizard.finish()

    made = Connection.objects.get()
    assert (made.key_source, made.certificates.count()) == ("certificates", 2)
    assert made.jwks_uri == ""


@pytest.mark.parametrize(
    ("mistake", "message"),
    [
        ({"name": ""}, "Enter a name."),
        ({"name": "N" * 81}, "at most 80 characters"),
        ({"issuer": ""}, "Enter the issuer URL."),
        ({"issuer": "http://plain.example"}, "starts with https://"),
        ({"issuer": "https://id.ours.example"}, "This is our own issuer."),
        ({"alias": "two words"}, "without spaces"),
        ({"description": "long " * 201}, "Enter at most 1000 characters."),
    ],
)
def test_mistakes_stand_at_their_fields_and_what_was_typed_stays(wizard, mistake, message):
    page = wizard.send("general", GENERAL | {"description": "Typed"} | mistake)

    text = page.content.decode()
    assert page.status_code == 422
    assert message in text
    assert 'aria-invalid="true"' in text
    assert next(iter(mistake.values())).strip()[:900] in text


def test_what_is_wrong_survives_back_and_next(wizard):
    wizard.send("general", GENERAL)
    back = wizard.send("keys", BY_URL | {"jwks_uri": "not a url"}, "back")

    assert "Step 1 of 3" in back.content.decode()
    page = wizard.send("general", GENERAL).content.decode()
    assert 'value="not a url"' in page
    assert "Nothing was saved yet" not in page


def test_the_browsers_back_and_forward_show_what_was_kept(wizard):
    wizard.send("general", GENERAL)
    wizard.send("keys", BY_URL)

    assert 'value="Northwind"' in wizard.see("general").content.decode()
    assert (
        'value="https://login.northwind.example/jwks.json"' in wizard.see("keys").content.decode()
    )
    assert wizard.see("review").status_code == 200


def test_finished_steps_are_links(wizard):
    wizard.send("general", GENERAL)
    wizard.send("keys", BY_URL)

    page = wizard.see("general").content.decode()

    assert f'<a href="{wizard.url}keys/">' in page
    assert f'<a href="{wizard.url}review/">' not in page


@pytest.mark.parametrize("step", ["keys", "review"])
def test_no_step_can_be_skipped(wizard, step):
    page = wizard.see(step)

    assert page.redirect_chain[-1][0] == f"{wizard.url}general/"


def test_the_last_step_cannot_be_sent_before_the_others(wizard):
    wizard.send("general", GENERAL)

    page = wizard.finish()

    assert page.redirect_chain[-1][0] == f"{wizard.url}keys/"
    assert not Connection.objects.exists()


def test_there_are_no_other_steps(wizard):
    assert wizard.see("secrets").status_code == 404


@pytest.mark.parametrize("taken", [{"name": "Northwind"}, {"issuer": GENERAL["issuer"]}])
def test_a_name_or_issuer_that_is_taken_is_said_at_its_field(wizard, connection, taken):
    Connection.objects.filter(pk=connection.pk).update(**taken)

    page = wizard.send("general", GENERAL)

    assert page.status_code == 422
    assert re.search("already has|has “Northwind” already", page.content.decode())


@pytest.mark.parametrize("taken", [{"name": "Northwind"}, {"issuer": GENERAL["issuer"]}])
def test_a_name_that_is_taken_meanwhile_leads_back_to_its_field(wizard, connection, taken):
    wizard.send("general", GENERAL)
    wizard.send("keys", BY_URL)
    Connection.objects.filter(pk=connection.pk).update(**taken)

    page = wizard.finish()

    assert page.redirect_chain[-1][0] == f"{wizard.url}general/?check=1"
    assert re.search("already has|has “Northwind” already", page.content.decode())
    assert Connection.objects.count() == 1


def test_two_tabs_do_not_mix(console):
    one, two = Wizard(console), Wizard(console)
    one.send("general", GENERAL)
    two.send("general", GENERAL | {"name": "Other", "issuer": "https://other.example"})
    one.send("keys", BY_URL)
    two.send("keys", BY_URL)
    one.finish()
    two.finish()

    assert list(Connection.objects.values_list("name", flat=True)) == ["Northwind", "Other"]


def test_finish_twice_makes_one_connection_and_shows_it_both_times(wizard):
    wizard.send("general", GENERAL)
    wizard.send("keys", BY_URL)

    first, second = wizard.finish(), wizard.finish()

    made = Connection.objects.get()
    for page in (first, second):
        assert page.redirect_chain[-1][0] == f"/console/connections/{made.pk}/"
    assert wizard.see("keys").redirect_chain[-1][0] == f"/console/connections/{made.pk}/"
    assert wizard.draft.values == {}


def test_finish_looks_again_once_the_draft_is_locked(wizard):
    wizard.send("general", GENERAL)
    wizard.send("keys", BY_URL)
    request = wizard.finish().wsgi_request  # of somebody who clicked twice

    answer = _finish(request, wizard.draft.pk)

    assert answer["Location"] == f"/console/connections/{Connection.objects.get().pk}/"


def test_somebody_elses_draft_does_not_exist(wizard, client):
    client.force_login(User.objects.create_superuser("other"))

    for step in ("general", "keys", "review"):
        assert client.get(f"{wizard.url}{step}/").status_code == 404
        assert client.post(f"{wizard.url}{step}/", GENERAL).status_code == 404
    assert client.post(f"{wizard.url}delete/").status_code == 404
    assert wizard.draft.values == {}
    assert "Draft" not in client.get("/console/connections/").content.decode()


def test_a_draft_that_was_deleted_is_gone_and_not_made_again(wizard, console):
    assert "Delete this draft?" in console.get(f"{wizard.url}delete/").content.decode()
    console.post(f"{wizard.url}delete/")

    assert wizard.see("general").status_code == 404
    assert wizard.send("general", GENERAL).status_code == 404
    assert not ConnectionDraft.objects.exists()


def test_cancel_keeps_what_was_typed_as_a_draft_to_go_on_with(wizard):
    page = wizard.send("general", GENERAL, "cancel").content.decode()

    assert "Draft" in page
    assert "Northwind" in page
    assert f'href="{wizard.url}general/"' in page


def test_cancel_leaves_nothing_where_nothing_was_typed(wizard):
    wizard.send("general", {}, "cancel")

    assert not ConnectionDraft.objects.exists()


def test_nobody_has_more_than_twenty_drafts(console):
    for _number in range(20):
        Wizard(console)

    page = console.post("/console/connections/setup/", follow=True)

    assert "You have 20 drafts." in page.content.decode()
    assert ConnectionDraft.objects.count() == 20


def test_a_draft_keeps_no_more_than_fits(wizard):
    wizard.send("general", GENERAL | {"description": "x" * 500_000, "name": "a\0b"})

    kept = wizard.draft.values["general"]
    assert len(kept["description"]) == 4_000
    assert kept["name"] == "a�b"


def test_old_drafts_are_forgotten(wizard):
    changed_at = timezone.now() - timedelta(days=30)
    ConnectionDraft.objects.update(changed_at=changed_at)

    assert forget(timezone.now())["drafts of connections"] == 1


def test_a_recent_draft_is_kept(wizard):
    ConnectionDraft.objects.update(changed_at=timezone.now() - timedelta(days=29))

    assert forget(timezone.now())["drafts of connections"] == 0


@pytest.mark.parametrize("step", ["general", "keys"])
@pytest.mark.parametrize("action", ["next", "back", "cancel", "read"])
def test_a_private_key_is_refused_not_kept_and_not_shown(wizard, step, action, watch):
    wizard.send("general", GENERAL)
    secret = private_pem()
    body = secret.splitlines()[5]
    field = "certificates" if step == "keys" else "description"
    fields = (GENERAL if step == "general" else by_certificate()) | {
        field: keys.certificate() + secret
    }

    page = wizard.send(step, fields, action)

    text = page.content.decode()
    assert "private key" in text
    assert body not in text
    assert body not in str(wizard.draft.values)


def test_an_expired_certificate_is_refused(wizard):
    wizard.send("general", GENERAL)
    old = keys.certificate(starts=timedelta(days=-9), ends=timedelta(days=-2))

    page = wizard.send("keys", by_certificate(old))

    assert page.status_code == 422
    assert "The certificate expired on" in page.content.decode()


def test_no_certificate_at_all_is_said_at_the_field(wizard):
    wizard.send("general", GENERAL)

    page = wizard.send("keys", by_certificate())

    assert page.status_code == 422
    assert "at least one certificate" in page.content.decode()


def test_both_methods_keep_their_values(wizard):
    wizard.send("general", GENERAL)
    pem = keys.certificate()
    wizard.send("keys", by_certificate(pem))

    text = wizard.see("keys").content.decode()

    assert 'value="https://login.northwind.example/jwks.json"' in text
    assert pem.splitlines()[3] in text


@pytest.mark.parametrize("name", ["", "deadbeef", "00000000-0000-0000-0000-000000000000"])
def test_what_is_no_draft_is_not_found(console, name):
    assert console.get(f"/console/connections/setup/{name}/general/").status_code == 404


def test_only_administrators_set_up_connections(client, bob):
    client.force_login(bob)

    assert client.post("/console/connections/setup/").status_code == 403
    assert not ConnectionDraft.objects.exists()


@pytest.mark.parametrize(("choice", "is_named"), [("all", True), ("selected", False)])
def test_says_which_applications_may_exchange_its_tokens_already(
    wizard, application, choice, is_named
):
    application.connections.clear()
    change(application, connection_choice=choice)
    wizard.send("general", GENERAL)
    wizard.send("keys", BY_URL)

    page = wizard.finish().content.decode()

    assert (f"/console/applications/{application.pk}/exchange/" in page) == is_named
