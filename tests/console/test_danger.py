"""The danger zones: what they say stops, what their buttons do, and what nobody may delete."""

from datetime import timedelta

import pytest
from django.db.models import ProtectedError
from django.utils import timezone

from accounts.models import FederatedLink, RemovedLink, User
from applications import grant_types
from applications.models import Application
from connections.models import Certificate, Connection, SpentToken
from idp.console import traffic
from idp.models import AccessToken, AuditEvent, ExchangeRecord, TokenFamily
from tests.fixtures import change


@pytest.fixture
def of_connection(connection):
    return f"/console/connections/{connection.pk}/danger/"


@pytest.fixture
def of_application(application):
    return f"/console/applications/{application.pk}/danger/"


@pytest.fixture
def text(console):
    """Return a function that shows a page as plain text."""

    def text(path: str) -> str:
        response = console.get(path)
        assert response.status_code == 200
        return " ".join(response.content.decode().split())

    return text


def uses(application, connection, *subjects, **fields):
    """Record that identities used an application."""
    values = {"outcome": ExchangeRecord.Outcome.GRANTED} | fields
    for subject in subjects:
        ExchangeRecord.objects.create(
            application=application, connection=connection, subject=subject, **values
        )


def events():
    """Return the entries of the audit log; the first exchange adds one for its signing key."""
    return AuditEvent.objects.exclude(action__startswith="signing-key.").order_by("at")


def actions():
    return list(events().values_list("action", flat=True))


# Disabling and enabling


def test_a_connection_says_who_used_it_before_it_is_disabled(
    text, of_connection, connection, application
):
    uses(application, connection, "a", "a", "b")
    uses(application, connection, "c", outcome=ExchangeRecord.Outcome.REFUSED)
    uses(application, connection, "d", at=timezone.now() - timedelta(days=8))

    page = text(of_connection)

    assert "2 identities and 1 application used it in the last 7 days, in 3 exchanges." in page


def test_a_connection_that_nobody_used_says_so(text, of_connection):
    assert "Nobody used it in the last 7 days." in text(of_connection)


def test_an_application_says_who_used_it_before_it_is_disabled(
    text, of_application, connection, application
):
    uses(application, connection, "a", "b", "b")

    page = text(of_application)

    assert "2 identities over 1 connection used it in the last 7 days, in 3 exchanges." in page


def test_an_application_that_nobody_used_says_so(text, of_application):
    assert "It exchanged nobody’s token in the last 7 days." in text(of_application)


@pytest.mark.parametrize("zone", ["of_connection", "of_application"])
def test_live_tokens_are_counted(text, request, exchange, application, zone):
    change(application, grant_types={grant_types.TOKEN_EXCHANGE, grant_types.REFRESH_TOKEN})
    exchange()
    exchange()
    AccessToken.objects.filter(pk=AccessToken.objects.first().pk).update(revoked_at=timezone.now())

    assert "1 access token and 2 refreshable sessions" in text(request.getfixturevalue(zone))


def test_without_live_tokens_none_are_counted(text, of_connection, of_application):
    assert "No token that came from it is good at the moment." in text(of_connection)
    assert "None of its tokens is good at the moment." in text(of_application)


def test_disabling_a_connection_stops_its_exchanges_with_the_next_request(
    console, of_connection, exchange, connection
):
    assert exchange().status_code == 200

    response = console.post(of_connection, {"action": "disable"}, follow=True)

    assert response.redirect_chain == [(of_connection, 302)]
    assert "Acme Workforce is disabled." in response.content.decode()
    answer = exchange()
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")
    assert actions() == ["connection.disabled"]
    assert events().get().actor_name == "root"


def test_enabling_a_connection_lets_exchanges_through_with_the_next_request(
    console, of_connection, exchange, connection
):
    change(connection, enabled=False)
    assert exchange().status_code == 400

    console.post(of_connection, {"action": "enable"})

    assert exchange().status_code == 200
    assert actions() == ["connection.enabled"]


def test_disabling_an_application_stops_it_with_the_next_request(
    console, of_application, exchange, post
):
    token = exchange().json()["access_token"]

    console.post(of_application, {"action": "disable"})

    assert exchange().status_code == 401
    assert post("/oauth2/introspect", {"token": token}).status_code == 401
    assert actions() == ["application.disabled"]


def test_disabling_a_connection_makes_its_tokens_inactive_and_its_sessions_end(
    console, of_connection, exchange, post, application
):
    change(application, grant_types={grant_types.TOKEN_EXCHANGE, grant_types.REFRESH_TOKEN})
    answer = exchange().json()

    console.post(of_connection, {"action": "disable"})

    introspection = post("/oauth2/introspect", {"token": answer["access_token"]})
    assert introspection.json() == {"active": False}
    refresh = {"grant_type": "refresh_token", "refresh_token": answer["refresh_token"]}
    assert post("/oauth2/token", refresh).json()["error"] == "invalid_grant"


def test_disabling_twice_is_said_and_written_down_once(console, of_connection):
    console.post(of_connection, {"action": "disable"})

    response = console.post(of_connection, {"action": "disable"}, follow=True)

    assert "Acme Workforce is disabled already." in response.content.decode()
    assert actions() == ["connection.disabled"]


def test_what_is_not_fit_for_use_is_not_enabled_and_says_why(console, of_connection, connection):
    change(connection, enabled=False)
    Certificate.objects.all().delete()

    response = console.post(of_connection, {"action": "enable"})

    assert response.status_code == 422
    assert "Give at least one certificate" in response.content.decode()
    connection.refresh_from_db()
    assert not connection.enabled


def test_what_is_not_fit_for_use_can_be_disabled(console, of_connection, connection):
    Certificate.objects.all().delete()

    assert console.post(of_connection, {"action": "disable"}).status_code == 302

    connection.refresh_from_db()
    assert not connection.enabled


def test_looking_changes_nothing(console, of_connection, of_application):
    console.get(of_connection, {"action": "disable"})
    console.get(of_application, {"action": "delete", "confirmation": "Orders"})

    assert Connection.objects.get().enabled
    assert Application.objects.exists()


@pytest.mark.parametrize("data", [{}, {"action": "explode"}, {"action": "delete\0"}])
def test_an_unknown_button_does_nothing(console, of_connection, data):
    response = console.post(of_connection, data)

    assert response.status_code == 422
    assert "Choose what to do" in response.content.decode()
    assert Connection.objects.get().enabled


@pytest.mark.parametrize("kind", ["connections", "applications"])
@pytest.mark.parametrize("key", [999, 10**30])
def test_what_is_not_there_is_not_found(console, kind, key):
    for response in (
        console.get(f"/console/{kind}/{key}/danger/"),
        console.post(f"/console/{kind}/{key}/danger/", {"action": "delete"}),
    ):
        assert response.status_code == 404


def test_only_administrators_have_the_buttons(client, bob, of_connection, of_application):
    client.force_login(bob)

    for path in (of_connection, of_application):
        assert client.get(path).status_code == 403
        assert client.post(path, {"action": "disable"}).status_code == 403

    assert Connection.objects.get().enabled
    assert Application.objects.get().enabled


# Deleting


@pytest.mark.parametrize("typed", ["", "acme workforce", "Acme", "\0", "x" * 10_000])
def test_a_connection_is_not_deleted_without_its_name(console, of_connection, typed):
    response = console.post(of_connection, {"action": "delete", "confirmation": typed})

    assert response.status_code == 422
    assert "Type the name exactly as it is written here" in response.content.decode()
    assert Connection.objects.exists()
    assert actions() == []


def test_what_was_typed_stays_there_to_be_corrected(console, of_connection):
    response = console.post(of_connection, {"action": "delete", "confirmation": "Acme W"})

    assert 'value="Acme W"' in response.content.decode()


def test_a_connection_is_deleted_with_its_tokens_and_the_records_stay(
    console, of_connection, exchange, connection
):
    exchange()

    response = console.post(
        of_connection, {"action": "delete", "confirmation": " Acme Workforce "}, follow=True
    )

    assert response.redirect_chain == [("/console/connections/", 302)]
    assert not Connection.objects.exists()
    assert not AccessToken.objects.exists()
    record = ExchangeRecord.objects.get()
    assert (record.connection, record.issuer) == (None, "https://login.acme.example")
    assert actions() == ["connection.deleted"]
    assert events().get().before["issuer"] == "https://login.acme.example"
    assert exchange().status_code == 400


def test_an_application_is_deleted_with_its_tokens_and_the_records_keep_its_client_id(
    console, of_application, exchange, application
):
    change(application, grant_types={grant_types.TOKEN_EXCHANGE, grant_types.REFRESH_TOKEN})
    exchange()

    response = console.post(
        of_application, {"action": "delete", "confirmation": "Orders"}, follow=True
    )

    assert response.redirect_chain == [("/console/applications/", 302)]
    assert not Application.objects.exists()
    assert not AccessToken.objects.exists()
    assert not TokenFamily.objects.exists()
    record = ExchangeRecord.objects.get()
    assert (record.application, record.client_id) == (None, "orders")
    assert actions() == ["application.deleted"]
    assert "s3cret" not in str(events().get().before)
    assert exchange().status_code == 401


def test_an_application_is_not_deleted_by_the_name_of_another(console, of_application):
    Application.objects.create(name="Payroll", type="machine-to-machine")

    response = console.post(of_application, {"action": "delete", "confirmation": "Payroll"})

    assert response.status_code == 422
    assert Application.objects.count() == 2


def test_deleting_says_which_applications_lose_the_connection(
    text, of_connection, connection, application
):
    application.connections.add(connection)

    assert "1 application that selected it can no longer use it." in text(of_connection)


def test_deleting_says_that_used_one_time_tokens_are_forgotten(text, of_connection, connection):
    assert "could be used once more" not in text(of_connection)

    change(connection, one_time_tokens=True)

    assert "could be used once more" in text(of_connection)


def test_a_connection_goes_with_the_memory_of_its_used_tokens(console, of_connection, connection):
    SpentToken.objects.create(connection=connection, token_id="1", forget_after=timezone.now())

    console.post(of_connection, {"action": "delete", "confirmation": connection.name})

    assert not Connection.objects.exists()


# Links belong to the owners of accounts


def test_a_connection_with_links_offers_no_deletion_and_says_why(text, of_connection, alice):
    page = text(of_connection)

    assert "1 account is linked to an identity of this issuer." in page
    assert "disable it instead" in page
    assert 'value="delete"' not in page


def test_a_connection_with_links_is_not_deleted(console, of_connection, alice, connection):
    response = console.post(of_connection, {"action": "delete", "confirmation": connection.name})

    assert response.status_code == 422
    assert "Only its owner can remove the link" in response.content.decode()
    assert FederatedLink.objects.count() == 1
    assert actions() == []


def test_a_connection_with_removed_links_is_not_deleted(console, of_connection, bob, connection):
    RemovedLink.objects.create(user=bob, connection=connection, subject="1")

    response = console.post(of_connection, {"action": "delete", "confirmation": connection.name})

    assert response.status_code == 422
    assert "must not be made again" in response.content.decode()
    assert RemovedLink.objects.count() == 1


@pytest.mark.parametrize("model", [FederatedLink, RemovedLink])
def test_no_path_deletes_a_connection_that_has_links(connection, bob, model):
    model.objects.create(user=bob, connection=connection, subject="1")

    with pytest.raises(ProtectedError):
        connection.delete()
    with pytest.raises(ProtectedError):
        Connection.objects.all().delete()

    assert model.objects.count() == 1


def test_a_link_that_is_made_at_the_same_moment_saves_the_connection(
    console, of_connection, bob, connection, monkeypatch
):
    delete = Connection.delete

    def linked_meanwhile(self):
        FederatedLink.objects.create(user=bob, connection=connection, subject="1")
        return delete(self)

    monkeypatch.setattr(Connection, "delete", linked_meanwhile)

    response = console.post(of_connection, {"action": "delete", "confirmation": connection.name})

    assert response.status_code == 422
    assert Connection.objects.exists()
    assert actions() == []


def test_a_connection_can_be_deleted_once_nobody_is_linked(
    console, of_connection, alice, connection
):
    alice.delete()

    console.post(of_connection, {"action": "delete", "confirmation": connection.name})

    assert not Connection.objects.exists()
    assert not User.objects.filter(username="alice").exists()


# Numbers come from a bounded number of rows


def test_where_there_is_more_than_is_looked_at_the_numbers_say_so(
    text, of_connection, connection, application, monkeypatch
):
    monkeypatch.setattr(traffic, "LOOKED_AT", 2)
    now = timezone.now()
    for minutes in range(4):
        uses(application, connection, str(minutes), at=now - timedelta(minutes=minutes))

    page = text(of_connection)

    assert "2 identities and 1 application used it among the latest 2 attempts" in page


def test_the_page_asks_the_database_no_more_for_more_traffic(
    console, of_connection, connection, application, django_assert_max_num_queries
):
    uses(application, connection, *map(str, range(50)))

    with django_assert_max_num_queries(18):
        console.get(of_connection)
