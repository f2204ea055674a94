"""The Advanced tab of a connection: account linking and the checks of tokens."""

import pytest

from applications.models import Application
from connections.models import Connection
from idp.models import AuditEvent
from tests.console.conftest import save
from tests.fixtures import change


@pytest.fixture
def path(connection):
    return f"/console/connections/{connection.pk}/advanced/"


@pytest.fixture
def send(console, path):
    """Return a function that sends the form as a browser does, with changes; None leaves out."""

    def send(**changes):
        good = {
            "algorithms": ["RS256", "ES256"],
            "clock_skew": "30",
            "maximum_token_age": "3600",
            "primary": "",
            "secondary": "",
        }
        data = {name: value for name, value in (good | changes).items() if value is not None}
        return save(console, path, data)

    return send


def refused(response, sentence):
    """Assert that nothing was saved, and what the page says."""
    assert response.status_code == 422
    page = " ".join(response.content.decode().split())
    assert sentence in page
    assert "Nothing was saved yet" in page
    assert not AuditEvent.objects.exists()


def test_linking_is_turned_on_with_two_attributes_and_what_the_issuer_verifies(send, connection):
    response = send(
        linking="on", primary="email", secondary="username", issuer_verifies=["email", "username"]
    )

    assert response.status_code == 302
    connection.refresh_from_db()
    assert connection.implicit_linking
    assert (connection.primary_lookup, connection.secondary_lookup) == ("email", "username")
    assert connection.issuer_verifies == {"email", "username"}
    event = AuditEvent.objects.get()
    assert (event.action, event.actor_name) == ("connection.updated", "root")
    assert event.after["implicit_linking.enabled"] is True


def test_what_linking_was_set_to_is_kept_while_it_is_off(send, connection):
    send(linking="on", primary="email", issuer_verifies=["email"])

    send(primary="email", issuer_verifies=["email"])

    connection.refresh_from_db()
    assert not connection.implicit_linking
    assert connection.primary_lookup == "email"
    assert connection.issuer_verifies == {"email"}


def test_attributes_can_be_cleared_while_linking_is_off(send, connection):
    send(linking="on", primary="email", secondary="mobile", issuer_verifies=["email"])

    send()

    connection.refresh_from_db()
    assert (connection.primary_lookup, connection.secondary_lookup) == ("", "")
    assert connection.issuer_verifies == frozenset()


def test_other_settings_of_the_connection_stay_as_they_are(send, connection):
    before = Connection.objects.values().get()

    send(clock_skew="60", one_time_tokens="on", maximum_token_age="7200", algorithms=["EdDSA"])

    after = Connection.objects.values().get()
    changed = {name for name in before if before[name] != after[name]} - {"updated_at"}
    assert changed == {"clock_skew", "one_time_tokens", "maximum_token_age", "algorithms"}
    assert connection.certificates.count() == 2


def test_linking_without_an_attribute_is_refused(send):
    refused(send(linking="on"), "Choose the primary lookup attribute.")


def test_a_secondary_attribute_without_a_primary_one_is_refused(send):
    refused(send(secondary="email"), "Choose the primary lookup attribute first.")


def test_the_same_attribute_twice_is_refused(send):
    response = send(linking="on", primary="email", secondary="email")

    refused(response, "Choose two different lookup attributes.")


def test_an_unknown_attribute_is_refused(send):
    refused(send(linking="on", primary="picture"), "Select a valid choice.")
    refused(send(issuer_verifies=["shoe size"]), "Select a valid choice.")


def test_no_algorithm_is_refused(send):
    refused(send(algorithms=None), "Choose at least one algorithm.")


@pytest.mark.parametrize("algorithm", ["none", "HS256", "RS256\0", "rs256"])
def test_an_algorithm_that_nobody_may_use_is_refused(send, algorithm):
    refused(send(algorithms=["RS256", algorithm]), "Select a valid choice.")


@pytest.mark.parametrize(
    ("seconds", "sentence"),
    [
        ("301", "less than or equal to 300"),
        ("-1", "greater than or equal to 0"),
        ("9" * 30, "less than or equal to 300"),
        ("9" * 5000, "Enter a whole number of seconds."),
        ("1.5", "Enter a whole number of seconds."),
        ("soon", "Enter a whole number of seconds."),
        ("3\0", "Enter a whole number of seconds."),
        ("", "Enter a number of seconds, 0 for none."),
    ],
)
def test_a_clock_skew_out_of_bounds_is_refused(send, seconds, sentence):
    refused(send(clock_skew=seconds), sentence)


@pytest.mark.parametrize(
    ("seconds", "sentence"),
    [
        ("0", "greater than or equal to 1"),
        ("31536001", "less than or equal to 31536000"),
        ("", "Enter a number of seconds."),
    ],
)
def test_a_maximum_age_out_of_bounds_is_refused(send, seconds, sentence):
    refused(send(maximum_token_age=seconds), sentence)


def test_what_was_typed_stays_when_something_is_refused(send):
    page = send(linking="on", primary="email", issuer_verifies=["mobile"], clock_skew="999")

    text = page.content.decode()
    assert 'value="999"' in text
    assert '<option value="email" selected>' in text
    assert 'id="id_verifies_mobile" aria-describedby="id_verifies_mobile_helptext" checked' in text


def test_somebody_elses_change_is_not_overwritten(console, send, path, connection):
    version = console.get(path).context["form"].version
    change(connection, clock_skew=90)

    response = send(clock_skew="10", version=version)

    assert response.status_code == 409
    connection.refresh_from_db()
    assert connection.clock_skew == 90


def test_the_danger_of_unverified_attributes_is_explained(console, path):
    page = console.get(path).content.decode()

    assert "An unverified attribute lets strangers take over accounts" in page
    assert "anyone could claim somebody else’s" in page
    assert "nOAuth" in page


def test_the_page_says_that_no_application_links(console, path, application):
    page = console.get(path).content.decode()

    assert "No application that may use this connection has it on, so nobody is linked." in page


def test_the_page_names_the_applications_that_link(console, path, application, connection):
    change(application, prioritize_local=True)
    Application.objects.create(
        name="Elsewhere", client_id="elsewhere", type="mobile", authentication_method="none",
        prioritize_local=True,
    )  # fmt: skip

    page = console.get(path).content.decode()

    assert "so nobody is linked" not in page
    assert f'href="/console/applications/{application.pk}/attributes/"' in page
    assert "Elsewhere" not in page


def test_few_applications_are_named(console, path):
    for number in range(8):
        Application.objects.create(
            name=f"App {number}", client_id=f"app-{number}", type="machine-to-machine",
            connection_choice="all", prioritize_local=True,
        )  # fmt: skip

    page = console.get(path).content.decode()

    assert "App 4" in page
    assert "App 5" not in page
    assert "and 3 more" in page


@pytest.mark.parametrize("key", [999, 10**30])
def test_a_connection_that_is_not_there_is_not_found(console, key):
    assert console.get(f"/console/connections/{key}/advanced/").status_code == 404
    assert console.post(f"/console/connections/{key}/advanced/", {}).status_code == 404


def test_the_page_takes_few_queries(console, path, application, django_assert_max_num_queries):
    with django_assert_max_num_queries(9):
        console.get(path)


def test_only_administrators_may_save(client, bob, path, connection):
    client.force_login(bob)

    assert client.get(path).status_code == 403
    assert client.post(path, {"one_time_tokens": "on"}).status_code == 403
    connection.refresh_from_db()
    assert not connection.one_time_tokens
