"""One person: entered, changed, and every mistake one can make with that."""

import uuid

import pytest

from accounts.models import User
from idp.models import AuditEvent

NEW = "/console/users/new/"
MANY_BYTES = "x" * 900_000


@pytest.fixture
def path(bob):
    """Return where bob's profile is."""
    return f"/console/users/{bob.public_id}/"


@pytest.fixture
def send(console, path):
    """Return a function that sends bob's profile as the page shows it, with changes."""

    def send(**changes):
        form = console.get(path).context["form"]
        shown = {name: value for name, value in form.initial.items() if value not in (False, None)}
        sent = {"version": form.version, **shown, **changes}
        return console.post(path, {k: v for k, v in sent.items() if v is not None})

    return send


def test_creates_somebody_who_has_no_password_yet(console):
    response = console.post(
        NEW,
        {
            "username": "grace",
            "email": "grace@ours.example",
            "email_verified": "on",
            "mobile": "+49 30 654321",
            "given_name": "Grace",
            "family_name": "Hopper",
        },
    )

    grace = User.objects.get(username="grace")
    assert response["Location"] == f"/console/users/{grace.public_id}/"
    assert (grace.email_verified, grace.mobile, grace.mobile_verified) == (
        True,
        "+4930654321",
        False,
    )
    assert grace.get_full_name() == "Grace Hopper"
    assert not grace.has_usable_password()
    event = AuditEvent.objects.get(action="user.created")
    assert (event.actor_name, event.target_id) == ("root", str(grace.public_id))
    assert "The account was created." in console.get(response["Location"]).content.decode()


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        ({}, "Enter a username."),
        ({"username": "BOB"}, "Somebody already has this username."),
        ({"username": "a b"}, "Enter a valid username."),
        ({"username": "x" * 151}, "at most 150 characters"),
        ({"username": "eve\0"}, "Null characters are not allowed."),
        ({"username": "eve", "email": "Bob@Ours.example"}, "already has this e-mail address"),
        ({"username": "eve", "email": "eve"}, "Enter a valid email address."),
        ({"username": "eve", "email_verified": "on"}, "no e-mail address to call verified"),
        ({"username": "eve", "mobile_verified": "on"}, "no mobile number to call verified"),
        ({"username": "eve", "mobile": "030 123"}, "Enter the number with its country code"),
        ({"username": "eve", "mobile": "+4930123456"}, "already has this mobile number"),
        ({"username": "eve", "given_name": MANY_BYTES}, "at most 150 characters"),
    ],
)
def test_says_what_is_wrong_with_somebody_new_and_keeps_what_was_typed(console, bob, sent, message):
    response = console.post(NEW, sent)

    page = response.content.decode()
    assert response.status_code == 422
    assert message in page
    assert sent.get("username", "").replace("\0", "") in page
    assert not User.objects.exclude(username__in=["root", "bob"]).exists()
    assert not AuditEvent.objects.exists()


def test_rights_and_passwords_are_not_entered_with_a_profile(console, send, bob):
    """Mass assignment: a field that the page does not have changes nothing."""
    more = {
        "is_administrator": "on",
        "administrator": "on",
        "password": "correct horse battery",
        "is_active": "",
        "active": "",
        "links": "[]",
        "public_id": str(uuid.uuid4()),
    }
    console.post(NEW, {"username": "eve", **more})
    send(given_name="Bobby", **more)

    for user in (User.objects.get(username="eve"), User.objects.get(username="bob")):
        assert not user.is_administrator
        assert user.is_active
        assert not user.has_usable_password()
    assert User.objects.get(username="bob").public_id == bob.public_id
    assert User.objects.get(username="bob").given_name == "Bobby"


def test_saves_what_changed_and_records_it(console, send, bob, path):
    response = send(given_name="Bob", family_name="Ross")

    bob.refresh_from_db()
    assert (response.status_code, response["Location"]) == (302, path)
    assert bob.get_full_name() == "Bob Ross"
    assert bob.email_verified
    event = AuditEvent.objects.get()
    assert (event.action, event.after["family_name"]) == ("user.updated", "Ross")


def test_saving_without_a_change_says_so_and_records_nothing(console, send, path):
    send()

    assert "There was nothing to change." in console.get(path).content.decode()
    assert not AuditEvent.objects.exists()


@pytest.mark.parametrize(
    ("name", "value"), [("email", "other@ours.example"), ("mobile", "+4930999999")]
)
def test_proof_of_an_old_address_never_vouches_for_a_new_one(console, send, bob, path, name, value):
    send(**{name: value})  # the switch of the old one is still on

    bob.refresh_from_db()
    assert getattr(bob, name) == value
    assert not getattr(bob, f"{name}_verified")
    assert "is not verified yet" in console.get(path).content.decode()


def test_an_address_is_verified_by_a_switch_of_its_own(send, bob):
    send(email="other@ours.example")
    send(email_verified="on")

    bob.refresh_from_db()
    assert bob.email_verified


def test_an_address_can_be_taken_away_with_its_proof(send, bob):
    assert send(email="").status_code == 302

    bob.refresh_from_db()
    assert (bob.email, bob.email_verified) == ("", False)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"username": "Alice"}, "Somebody already has this username."),
        ({"email": "ALICE@ours.example"}, "Somebody already has this e-mail address."),
        ({"username": ""}, "Enter a username."),
        ({"mobile": "+1"}, "Enter the number with its country code"),
        ({"picture": "javascript:alert(1)"}, "Enter a valid URL."),
    ],
)
def test_says_what_is_wrong_and_shows_nothing_as_saved(send, alice, bob, changes, message):
    response = send(**changes)

    page = response.content.decode()
    assert response.status_code == 422
    assert message in page
    assert "<h1><bdi>bob</bdi></h1>" in page
    before = {name: getattr(bob, name) for name in changes}
    bob.refresh_from_db()
    assert {name: getattr(bob, name) for name in changes} == before


def test_somebody_elses_simultaneous_change_is_not_overwritten(console, send, bob):
    response = send(version="0" * 16, given_name="Mine")

    assert response.status_code == 409
    assert "Somebody else changed this meanwhile" in response.content.decode()
    bob.refresh_from_db()
    assert bob.given_name == ""


@pytest.mark.parametrize("end", ["", "links/", "disable/", "unlock/", "reset/"])
def test_nobody_is_at_an_unknown_id(console, end):
    path = f"/console/users/{uuid.uuid4()}/{end}"

    assert console.post(path).status_code == (405 if end == "links/" else 404)


def test_what_is_no_id_is_not_found(console):
    assert console.get("/console/users/42/").status_code == 404


def test_the_page_says_what_verified_means(console, path):
    for page in (console.get(NEW), console.get(path)):
        assert "Outside identities can be matched to a verified" in page.content.decode()


def test_the_palette_leads_to_people_and_to_a_new_one(console, bob):
    page = console.get("/console/search/", {"q": "bo"}).content.decode()

    assert f"/console/users/{bob.public_id}/" in page
    assert NEW in console.get("/console/search/", {"q": "new user"}).content.decode()


def test_a_tab_that_is_not_built_is_left_out(console, path):
    from idp.console.navigation import tabs

    assert [str(label) for label, _url in tabs("user", uuid.uuid4())][:2] == [
        "Profile",
        "Linked accounts",
    ]
    assert console.get(path).status_code == 200
