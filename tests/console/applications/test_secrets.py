"""Client secrets: a second one, shown once, beside the first; and the end of the former."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from applications import secrets
from idp.models import AuditEvent
from tests.console.applications.conftest import actions, reload, text_of
from tests.fixtures import SECRET, change

MADE = re.compile(r"agio_[\w-]{43}")


@pytest.fixture
def path(application):
    return f"/console/applications/{application.pk}/"


@pytest.fixture
def add(console, path):
    """Return a function that adds a secret as the page's button does, and returns it."""

    def send(**changes) -> str:
        page = text_of(console.get(path))
        present = re.search(r'name="present" value="(\w+)"', page)[1]
        answer = console.post(f"{path}secret/add/", {"present": present} | changes)
        assert answer["Location"] == f"{path}secret/"
        return next(iter(MADE.findall(text_of(console.get(answer["Location"])))), "")

    return send


def is_good(application, secret: str) -> bool:
    return secrets.matches(secret, reload(application).secret_digests())


def test_a_second_secret_is_shown_once_and_both_are_good(console, add, path, application):
    secret = add()

    assert is_good(application, secret)
    assert is_good(application, SECRET)
    ends = reload(application).former_secret_expires_at
    assert timedelta(hours=23) < ends - timezone.now() < timedelta(hours=25)
    assert MADE.findall(text_of(console.get(f"{path}secret/"))) == []


def test_only_the_tail_is_told_afterwards(console, add, path):
    secret = add()

    page = text_of(console.get(path))

    assert secret not in page
    assert f"••••••••{secret[-4:]}" in page
    assert "Stays good until" in page


def test_the_first_request_after_it_may_use_either(add, exchange):
    secret = add()

    assert exchange(auth=("orders", secret)).status_code == 200
    assert exchange().status_code == 200


def test_a_double_click_makes_one(console, add, path, application):
    page = text_of(console.get(path))
    present = re.search(r'name="present" value="(\w+)"', page)[1]

    for _click in range(2):
        console.post(f"{path}secret/add/", {"present": present})

    assert is_good(application, SECRET)  # a second rotation would have ended it
    (secret,) = set(MADE.findall(text_of(console.get(f"{path}secret/"))))
    assert is_good(application, secret)
    assert actions() == ["application.secret-replaced"]


@pytest.mark.parametrize("present", ["", "made-up", "é", "0" * 5000])
def test_a_secret_is_not_replaced_without_seeing_which(console, path, application, present):
    console.post(f"{path}secret/add/", {"present": present})

    assert reload(application).secret_digest == application.secret_digest


def test_the_audit_log_knows_that_and_not_what(add, watch):
    secret = add()
    watch.note("client_secret", secret)  # looks into every table and the log at the end

    (event,) = AuditEvent.objects.all()
    assert event.action == "application.secret-replaced"
    assert event.actor_name == "root"
    assert set(event.after.values()) == {"changed"}


def test_the_former_secret_can_be_revoked_at_once(console, add, path, application):
    secret = add()

    answer = console.post(f"{path}secret/revoke-former/")

    assert answer["Location"] == path
    assert not is_good(application, SECRET)
    assert is_good(application, secret)
    assert actions() == ["application.secret-replaced", "application.secret-removed"]
    assert "no longer good" in text_of(console.get(path))


def test_revoking_twice_is_no_mistake(console, path, application):
    for _click in range(2):
        assert console.post(f"{path}secret/revoke-former/").status_code == 302

    assert is_good(application, SECRET)
    assert actions() == []


def test_a_third_secret_says_which_one_it_ends(console, add, path):
    add()

    assert "ends at once" in text_of(console.get(path))


def test_a_former_secret_that_is_over_is_not_shown(console, add, path, application):
    add()
    change(reload(application), former_secret_expires_at=timezone.now() - timedelta(seconds=1))

    assert "Stays good until" not in text_of(console.get(path))


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"type": "mobile", "authentication_method": "none"}, "This is a public client"),
        (
            {"authentication_method": "private_key_jwt", "jwks_uri": "https://a.example/jwks"},
            "a key of its own",
        ),
    ],
)
def test_an_application_that_needs_no_secret_says_so_and_gets_none(
    console, path, application, changes, text
):
    change(application, secret_digest="", **changes)

    page = text_of(console.get(path))
    answer = console.post(f"{path}secret/add/", {"present": "x"})

    assert text in page
    assert "secret/add/" not in page
    assert answer["Location"] == path
    assert reload(application).secret_digest == ""


@pytest.mark.parametrize("button", ["secret/add/", "secret/revoke-former/"])
def test_looking_changes_nothing(console, path, button):
    assert console.get(path + button).status_code == 405


@pytest.mark.parametrize("button", ["secret/add/", "secret/revoke-former/"])
def test_somebody_else_changes_nothing(client, bob, path, button, application):
    client.force_login(bob)

    assert client.post(path + button).status_code == 403
    assert reload(application).secret_digest == application.secret_digest


def test_the_page_without_a_secret_says_what_to_do(console, path):
    assert "There is no secret to show" in text_of(console.get(f"{path}secret/"))
