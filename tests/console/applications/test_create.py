"""A new application: made once, its secret shown once, every mistake told at its field."""

import re
import time

import pytest

from accounts.models import User
from applications import secrets
from applications.grant_types import ALL, CLIENT_CREDENTIALS, REFRESH_TOKEN, TOKEN_EXCHANGE
from applications.models import Application
from idp.console.applications import defaults
from idp.console.applications import secrets as pages
from tests.console.applications.conftest import actions, text_of

PATH = "/console/applications/new/"
SECRET = re.compile(r"agio_[\w-]{43}")


@pytest.fixture
def make(save):
    """Return a function that fills the form in and sends it."""

    def send(**changes):
        return save(PATH, **{"type": "traditional-web", "name": "Orders"} | changes)

    return send


def test_the_secret_is_shown_once_and_is_good(console, make):
    answer = make()
    application = Application.objects.get()
    assert answer["Location"] == f"/console/applications/{application.pk}/secret/?new"

    first = console.get(answer["Location"])
    (secret,) = set(SECRET.findall(text_of(first)))

    assert secrets.matches(secret, application.secret_digests())
    assert "no-store" in first["Cache-Control"]
    assert SECRET.findall(text_of(console.get(answer["Location"]))) == []


def test_looking_for_the_page_does_not_use_the_secret_up(console, make):
    path = make()["Location"]

    console.head(path)

    assert SECRET.search(text_of(console.get(path)))


def test_a_secret_that_nobody_fetched_is_over_after_ten_minutes(console, make, monkeypatch):
    path = make()["Location"]
    later = time.time() + 601
    monkeypatch.setattr(pages.time, "time", lambda: later)

    assert SECRET.findall(text_of(console.get(path))) == []


def test_only_whoever_made_the_secret_sees_it(client, console, make):
    path = make()["Location"]
    client.force_login(User.objects.create_superuser("other", "x"))

    assert SECRET.findall(text_of(client.get(path))) == []


def test_the_secret_is_nowhere_else(console, make, watch):
    path = make()["Location"]
    session = str(console.session.items())
    (secret,) = set(SECRET.findall(text_of(console.get(path))))

    watch.note("client_secret", secret)  # looks into every table and the log at the end
    assert secret not in session
    pk = Application.objects.get().pk
    for page in ("", "created/", "protocol/", "exchange/", "secret/"):
        assert secret not in text_of(console.get(f"/console/applications/{pk}/{page}"))


def test_it_is_written_into_the_audit_log(make):
    make()

    assert set(actions()) == {"application.created", "application.secret-added"}


@pytest.mark.parametrize(
    ("kind", "grants", "method"),
    [
        ("standard-based", {TOKEN_EXCHANGE, REFRESH_TOKEN}, "client_secret_basic"),
        ("traditional-web", {TOKEN_EXCHANGE, REFRESH_TOKEN}, "client_secret_basic"),
        ("mobile", {TOKEN_EXCHANGE, REFRESH_TOKEN}, "none"),
        ("single-page", set(), "none"),
        ("machine-to-machine", {TOKEN_EXCHANGE, CLIENT_CREDENTIALS}, "client_secret_basic"),
    ],
)
def test_each_type_starts_out_with_what_suits_it(console, make, kind, grants, method):
    answer = make(type=kind)
    application = Application.objects.get()

    assert application.grant_types == grants
    assert application.authentication_method == method
    assert application.connection_choice == "selected"  # and none is: nobody's tokens
    assert console.get(answer["Location"]).status_code == 200


def test_every_type_has_a_card():
    assert set(defaults.KINDS) == set(Application.Type.values)
    assert all(set(kind.grants) <= set(ALL) for kind in defaults.KINDS.values())


def test_the_card_says_why_a_single_page_application_exchanges_nothing(console):
    assert "Token exchange is not for it" in text_of(console.get(PATH))


def test_an_application_without_a_secret_goes_on_to_the_next_steps(console, make):
    answer = make(type="mobile")

    assert answer["Location"].endswith("/created/")
    page = text_of(console.get(answer["Location"]))
    assert "/exchange/" in page
    assert "curl" in page


def test_a_single_page_application_is_told_to_register_its_server(console, make):
    page = text_of(console.get(make(type="single-page")["Location"]))

    assert "Register its server, too" in page
    assert "curl" not in page


def test_a_double_click_makes_one_and_shows_its_secret(console):
    fields = {"type": "mobile", "name": "Orders", "client_id": "a" * 40}

    first, second = console.post(PATH, fields), console.post(PATH, fields)

    assert Application.objects.count() == 1
    assert first["Location"] == second["Location"]


def test_a_double_click_leaves_the_secret_to_be_shown(console):
    fields = {"type": "traditional-web", "name": "Orders", "client_id": "a" * 40}

    console.post(PATH, fields)
    second = console.post(PATH, fields)

    (secret,) = set(SECRET.findall(text_of(console.get(second["Location"]))))
    assert secrets.matches(secret, Application.objects.get().secret_digests())


def test_going_back_and_changing_the_name_makes_a_second_one(console):
    fields = {"type": "mobile", "name": "Orders", "client_id": "a" * 40}
    console.post(PATH, fields)

    console.post(PATH, fields | {"name": "Payroll"})

    assert set(Application.objects.values_list("name", flat=True)) == {"Orders", "Payroll"}


def test_a_name_that_is_taken_is_told_at_its_field_and_what_was_typed_stays(application, make):
    answer = make(name="Orders", description="For <b>us</b>")
    page = text_of(answer)

    assert answer.status_code == 422
    assert "Another application has “Orders” already." in page
    assert "For &lt;b&gt;us&lt;/b&gt;" in page
    assert 'value="traditional-web"' in page.split("checked")[0][-200:]
    assert Application.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"name": ""}, "Enter a name."),
        ({"name": "   "}, "Enter a name."),
        ({"name": "x" * 81}, "at most 80 characters"),
        ({"name": "a\0b"}, "Null characters"),
        ({"type": None}, "Choose a type."),
        ({"type": "toaster"}, "toaster is not one of the available choices"),
        ({"description": "x" * 1001}, "at most 1000 characters"),
        ({"client_id": "a b"}, "printable ASCII"),
        ({"client_id": "x" * 256}, "at most 255 characters"),
    ],
)
def test_each_mistake_is_told_and_nothing_is_made(make, changes, message):
    answer = make(**changes)

    assert answer.status_code == 422
    assert message in text_of(answer)
    assert Application.objects.count() == 0
    assert actions() == []


def test_a_missing_client_id_is_made(make):
    make(client_id=None)

    assert len(Application.objects.get().client_id) == 40
