"""The Token exchange tab: whose tokens, for which targets and scopes."""

import json

import pytest

from applications.models import Application
from connections.models import Connection
from idp.console.applications import exchange as page_module
from tests.console.applications.conftest import actions, fields_of, reload, text_of
from tests.fixtures import TARGET, change


@pytest.fixture
def path(application):
    return f"/console/applications/{application.pk}/exchange/"


@pytest.fixture
def others(connection):
    """Return two more connections."""
    names = ("Contoso <b>", "Fabrikam")
    return [
        Connection.objects.create(name=name, issuer=f"https://{i}.example", jwks_uri="https://a.b/")
        for i, name in enumerate(names)
    ]


def selected(application) -> set[str]:
    """Return the names of the connections that are selected."""
    return set(application.connections.values_list("name", flat=True))


def test_saving_what_is_shown_changes_nothing(save, path, others):
    assert save(path).status_code == 302
    assert actions() == []


def test_connections_can_be_selected(save, console, path, application, others):
    save(path, connection_choice="selected", selected=["Acme Workforce", "Contoso <b>"])

    assert reload(application).connection_choice == Application.ConnectionChoice.SELECTED
    assert selected(application) == {"Acme Workforce", "Contoso <b>"}
    page = text_of(console.get(path))
    assert fields_of(page)["selected"] == ["Acme Workforce", "Contoso <b>"]
    assert "<b>" not in page
    assert actions() == ["application.updated"]


def test_selecting_none_is_nobody(save, path, application, connection, exchange):
    assert exchange().status_code == 200

    save(path, connection_choice="selected", selected=None)

    assert selected(application) == set()
    assert exchange().status_code == 400


def test_all_connections_keep_what_was_selected_for_later(save, path, application, others):
    save(path, connection_choice="selected", selected=["Fabrikam"])

    save(path, connection_choice="all")

    assert reload(application).connection_choice == "all"
    assert selected(application) == {"Fabrikam"}


def test_targets_and_scopes_are_lines(save, console, path, application):
    save(path, audiences="https://a.example\r\n\r\n  b \r\nb", scopes="", default_audience="b")

    saved = reload(application)
    assert saved.audiences == {"https://a.example", "b"}
    assert saved.scopes == frozenset()
    assert saved.default_audience == "b"
    assert fields_of(text_of(console.get(path)))["audiences"] == ["b\nhttps://a.example"]


@pytest.mark.parametrize(
    ("changes", "field", "message"),
    [
        ({"connection_choice": None}, "connection_choice", "Choose all connections"),
        ({"connection_choice": "some"}, "connection_choice", "some is not one"),
        (
            {"connection_choice": "selected", "selected": ["Acme Workforc"]},
            "selected", "There is no connection “Acme Workforc”. Did you mean “Acme Workforce”?",
        ),
        ({"connection_choice": "selected", "selected": ["7"]}, "selected", "There is no"),
        ({"connection_choice": "selected", "selected": ["\0"]}, "selected", ""),
        ({"scopes": "read\nwrite all"}, "scopes", "Correct line 2: “write all”"),
        ({"scopes": 'a"b'}, "scopes", "Correct line 1"),
        ({"scopes": "read\0"}, "scopes", "Correct line 1"),
        ({"audiences": "https://ä.example"}, "audiences", "Correct line 1"),
        ({"audiences": "*"}, "audiences", "Enter neither * nor the address of this server"),
        ({"audiences": "https://id.ours.example"}, "audiences", "Enter neither"),
        ({"default_audience": "*"}, "default_audience", "Enter neither"),
        ({"default_audience": "a b"}, "default_audience", "without spaces"),
        ({"default_audience": "a" * 256}, "default_audience", "at most 255"),
    ],
)  # fmt: skip
def test_each_mistake_is_told_at_its_field_and_nothing_is_saved(
    save, path, application, connection, changes, field, message
):
    answer = save(path, **changes)

    assert answer.status_code == 422
    assert message in " ".join(answer.context["form"].errors[field])
    saved = reload(application)
    assert saved.connection_choice == "all"
    assert saved.scopes == application.scopes
    assert saved.audiences == application.audiences
    assert actions() == []


def test_every_bad_line_is_named_and_what_was_typed_stays(save, path):
    answer = save(path, scopes="a b\ngood\nc d")

    assert "Correct line 1" in text_of(answer)
    assert "Correct line 3" in text_of(answer)
    assert fields_of(text_of(answer))["scopes"] == ["a b\ngood\nc d"]


def test_a_thousand_bad_lines_are_not_all_told(save, path):
    answer = save(path, scopes="a b\n" * 1000)

    assert len(answer.context["form"].errors["scopes"]) == 5


@pytest.fixture
def few_shown(monkeypatch):
    """Let the page have room for two connections."""
    monkeypatch.setattr(page_module, "SHOWN", 2)


def test_what_is_selected_and_not_shown_stays_selected(
    save, console, path, application, others, few_shown
):
    change(application, connection_choice="selected")
    application.connections.set(Connection.objects.all())

    save(f"{path}?find=fab", selected=None)

    assert selected(application) == {"Acme Workforce", "Contoso <b>"}


def test_many_connections_can_be_searched(console, path, others, few_shown):
    first = console.get(path)
    found = console.get(f"{path}?find=FAB")

    assert first.context["form"].names == ["Acme Workforce", "Contoso <b>"]
    assert "There are more connections than are shown" in text_of(first)
    assert found.context["form"].names == ["Fabrikam"]


def test_a_search_for_nothing_that_exists_says_so(console, path, others, few_shown):
    assert "No connection has this in its name." in text_of(console.get(f"{path}?find=%00zzz"))


@pytest.mark.parametrize("shown", ["[", "[1, {}]", "7", "[" * 90_000, '{"a": 1}', "9" * 5000])
def test_a_made_up_list_of_what_was_shown_takes_nothing_away(
    save, path, application, others, shown
):
    change(application, connection_choice="selected")
    application.connections.set(others)

    save(path, shown=shown, selected=["Acme Workforce"])

    assert selected(application) == {"Acme Workforce", "Contoso <b>", "Fabrikam"}


def test_hundreds_of_connections_take_no_more_queries_and_fit_a_form(
    console, save, path, application, django_assert_max_num_queries
):
    Connection.objects.bulk_create(
        Connection(name=f"C {n:03}", issuer=f"https://c{n}.example", jwks_uri="https://a.b/")
        for n in range(400)
    )
    change(application, connection_choice="selected")
    application.connections.set(Connection.objects.all())

    with django_assert_max_num_queries(8):
        page = console.get(path)

    assert len(page.context["form"].names) == page_module.SHOWN
    assert save(path, scopes="one").status_code == 302
    assert application.connections.count() == 400


def test_a_grant_that_is_off_is_told_with_the_way_to_turn_it_on(console, path, application):
    assert "grant is off" not in text_of(console.get(path))

    change(application, grant_types=frozenset())
    page = text_of(console.get(path))

    assert "The Token Exchange grant is off" in page
    assert f'href="/console/applications/{application.pk}/protocol/"' in page
    assert "The request" not in page


def test_a_single_page_application_is_told_that_it_cannot_have_it(console, path, application):
    change(application, type="single-page", authentication_method="none", grant_types=frozenset())

    page = text_of(console.get(path))

    assert "A single-page application cannot have it" in page
    assert "Allow it on the Protocol tab" not in page


def test_somebody_elses_change_is_not_overwritten(console, path, application, others):
    fields = fields_of(text_of(console.get(path)))
    application.connections.add(others[0])

    answer = console.post(path, fields | {"scopes": "mine"})

    assert answer.status_code == 409
    assert reload(application).scopes == application.scopes


def test_what_was_sent_beside_a_conflict_can_be_sent_again(console, path, application, others):
    fields = fields_of(text_of(console.get(path)))
    change(application, scopes=frozenset({"theirs"}))
    answer = console.post(path, fields | {"scopes": "mine", "audiences": TARGET})

    again = fields_of(text_of(answer))
    console.post(path, again)

    assert reload(application).scopes == {"mine"}
    assert json.loads(again["shown"][0]) == ["Acme Workforce", "Contoso <b>", "Fabrikam"]
