"""What is not there: said inside of the console to administrators, and nowhere else to anybody."""

import pytest

FRAME = 'id="sidebar"'
PATHS = ["/console/nowhere/", "/console/applications/123456/"]


@pytest.mark.parametrize("path", PATHS)
def test_an_administrator_stays_in_the_console(console, path):
    answer = console.get(path)

    assert answer.status_code == 404
    assert FRAME in answer.text
    assert "There is nothing here" in answer.text
    assert "no-store" in answer["Cache-Control"]


def test_elsewhere_an_administrator_sees_what_everybody_sees(console):
    answer = console.get("/nowhere/")

    assert answer.status_code == 404
    assert FRAME not in answer.text


def test_a_person_who_is_no_administrator_sees_nothing_of_the_console(client, alice):
    client.force_login(alice)

    answer = client.get("/console/nowhere/")

    assert answer.status_code == 404
    assert FRAME not in answer.text


def test_a_stranger_sees_nothing_of_the_console(client, db):
    answer = client.get("/console/nowhere/")

    assert answer.status_code == 404
    assert FRAME not in answer.text
