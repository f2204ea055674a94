"""Prove an identity by a fresh token: what an exchange asks, and more."""

import time

import pytest

from accounts.models import FederatedLink, RemovedLink, User
from connections.models import SpentToken
from idp.models import AuditEvent, LinkNotice
from tests import keys
from tests.fixtures import change


def confirm(browser, response):
    """Confirm what a good answer leads to."""
    return browser.post(response.headers["Location"])


def refused(response, words: str, status: int = 422) -> None:
    """Assert a clear page, and that nothing was written."""
    assert response.status_code == status
    assert words in response.content.decode()
    assert not FederatedLink.objects.filter(origin="owner").exists()
    assert not SpentToken.objects.exists()


def test_the_identity_is_linked_when_it_is_confirmed(paste, browser, owner):
    confirm(browser, paste())

    link = FederatedLink.objects.get()
    assert (link.user, link.subject, link.origin) == (owner, keys.SUBJECT, "owner")


def test_what_the_token_calls_somebody_is_shown_as_text(paste, browser):  # AL-11, AT-129
    page = browser.get(paste(name="<img src=x onerror=1>").headers["Location"])

    assert b"<img" not in page.content
    assert b"&lt;img src=x" in page.content


@pytest.mark.parametrize(
    ("claims", "words"),
    [
        pytest.param({"exp": 1}, "has expired", id="expired"),
        pytest.param({"iat": None}, "does not say when", id="no-iat"),
        pytest.param({"iat": int(time.time()) - 310}, "more than five minutes", id="old"),
        pytest.param({"aud": "https://x.example"}, "not intended for this server", id="audience"),
        pytest.param({"iss": "https://x.example"}, "not trusted here", id="issuer"),
        pytest.param({"signed_by": "mallory"}, "signature", id="signature"),
        pytest.param({"cnf": {"jkt": "x"}}, "bound to a key", id="bound"),
    ],
)
def test_refuses_a_token_with_the_wrong(paste, claims, words):
    refused(paste(**claims), words)


def test_refuses_what_is_no_token(paste):
    refused(paste("no token"), "not a JWT")


def test_nothing_of_the_token_is_shown_or_kept(paste, browser, watch):
    token = keys.sign(jti=keys.unique())
    watch.note("subject_token", token)

    response = paste(token)

    assert token not in browser.get(response.headers["Location"]).content.decode()
    assert token not in str(dict(browser.session))


def test_a_token_proves_an_identity_once(paste, browser):
    token = keys.sign(jti="one")
    confirm(browser, paste(token))
    FederatedLink.objects.all().delete()

    response = paste(token)

    assert response.status_code == 422
    assert b"was used before" in response.content


def test_a_token_that_is_spent_before_the_click_links_nothing(paste, browser, offering, owner):
    first, second = paste(keys.sign(jti="one")), paste(keys.sign(jti="one", email="x@x.example"))
    confirm(browser, first)
    FederatedLink.objects.all().delete()

    assert confirm(browser, second).status_code == 422
    assert not FederatedLink.objects.exists()


def test_a_token_that_linked_is_not_exchanged_where_tokens_are_for_one_use(
    paste, browser, exchange, offering
):
    change(offering, one_time_tokens=True)
    token = keys.sign(jti="one")
    confirm(browser, paste(token))

    response = exchange(subject_token=token)

    assert response.status_code == 400
    assert "used before" in response.json()["error_description"]


def test_the_memory_of_this_removed_link_is_lifted_and_no_other(paste, browser, offering, owner):
    for subject in (keys.SUBJECT, "another"):
        RemovedLink.objects.create(user=owner, connection=offering, subject=subject)

    confirm(browser, paste())

    assert [row.subject for row in RemovedLink.objects.all()] == ["another"]


def test_somebody_elses_identity_is_refused_in_neutral_words(
    paste, browser, alice, settings
):  # AL-04, AT-120
    settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}

    response = paste()

    refused(response, "cannot be linked to your account", 409)
    page = response.content.decode()
    assert "alice" not in page.lower()
    assert "another account" not in page
    assert FederatedLink.objects.get().user == alice
    assert LinkNotice.objects.get().user == alice
    assert AuditEvent.objects.get(action="user.link-refused").actor_name == "ada"


def test_an_identity_that_somebody_else_linked_before_the_click_stays_theirs(
    paste, browser, bob, offering
):  # AT-121
    response = paste()
    FederatedLink.objects.create(
        connection=offering, subject=keys.SUBJECT, user=bob, origin="implicit"
    )

    refused(confirm(browser, response), "cannot be linked to your account", 409)
    assert FederatedLink.objects.get().user == bob


def test_what_is_linked_to_me_already_is_said(paste, browser):
    confirm(browser, paste())

    response = paste()

    assert response.headers["Location"] == "/account/linked-accounts/"
    assert b"linked to your account already" in browser.get("/account/linked-accounts/").content


def test_another_subject_of_the_same_organisation_is_shown_and_may_be_linked(paste, browser):
    confirm(browser, paste(sub="first"))

    response = paste(sub="second")

    assert b"first" in browser.get(response.headers["Location"]).content
    confirm(browser, response)
    assert FederatedLink.objects.count() == 2


def test_a_double_click_links_once(paste, browser):
    response = paste()
    confirm(browser, response)

    assert confirm(browser, response).status_code == 404
    assert FederatedLink.objects.count() == 1


def test_what_somebody_else_proved_cannot_be_confirmed(paste, client, bob):  # AT-133
    response = paste()
    client.force_login(bob)

    refused(confirm(client, response), "nothing to confirm", 404)


@pytest.mark.parametrize(
    "changed",
    [{"enabled": False}, {"link_by_token": False}, {"issuer": "https://login.globex.example"}],
    ids=lambda changed: next(iter(changed)),
)
def test_what_was_switched_or_moved_before_the_click_links_nothing(
    paste, browser, offering, changed
):
    response = paste()
    change(offering, **changed)

    refused(confirm(browser, response), "cannot be linked in this way", 404)


def test_a_confirmation_needs_a_recent_proof_of_who_one_is(paste, browser):  # AL-03
    response = paste()
    session = browser.session
    session["proved_at"] = int(time.time()) - 301
    session.save()

    assert confirm(browser, response).headers["Location"].startswith("/account/confirm/")
    assert not FederatedLink.objects.exists()


def test_a_page_that_is_only_seen_links_nothing(paste, browser):  # AL-03
    browser.get(paste().headers["Location"])

    assert not FederatedLink.objects.exists()


def test_who_is_refused_again_and_again_has_to_wait(paste, settings):
    settings.CLIENT_FAILURES = 3
    for _number in range(3):
        refused(paste("no token"), "not a JWT")

    assert paste().status_code == 429


def test_where_no_administrator_allows_it_nobody_links(browser, connection, owner):
    response = browser.post(f"/account/linking/{connection.pk}/", {"token": keys.sign()})

    refused(response, "cannot be linked in this way", 404)
    assert User.objects.get().links.count() == 0
