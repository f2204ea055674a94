"""Confirm a proof: whose identity it is, and what changed since the page was shown."""

import time

import pytest

from accounts.models import FederatedLink, RemovedLink, User
from connections.models import Connection, SpentToken
from idp import audit
from idp.account.linking import commit, ways
from idp.account.linking.proof import Proof
from idp.account.linking.refusal import LinkingRefused
from idp.models import AuditEvent, LinkNotice
from tests import keys
from tests.fixtures import add_certificate, change


def confirm(browser, response):
    """Confirm what a good answer leads to."""
    return browser.post(response.headers["Location"])


def refused(response, words: str, status: int = 422) -> None:
    """Assert a clear page, and that nothing was written."""
    assert response.status_code == status
    assert words in response.content.decode()
    assert not FederatedLink.objects.filter(origin="owner").exists()
    assert not SpentToken.objects.exists()


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


@pytest.mark.parametrize(("whose", "status"), [("bob", 409), ("ada", 302)])
def test_who_links_it_at_the_same_moment_is_first(
    paste, browser, owner, bob, offering, monkeypatch, whose, status
):  # AT-121: an exchange, or another tab; the database says no
    response, looks = paste(), []
    find = commit.find_link
    FederatedLink.objects.create(
        connection=offering,
        subject=keys.SUBJECT,
        user=User.objects.get(username=whose),
        origin="implicit",
    )

    def find_too_early(proof):
        looks.append(1)
        return None if len(looks) == 1 else find(proof)

    monkeypatch.setattr(commit, "find_link", find_too_early)

    assert confirm(browser, response).status_code == status
    assert FederatedLink.objects.get().user.username == whose


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


def test_a_token_of_another_organisation_is_refused(paste, offering):  # AT-124
    other = Connection.objects.get()
    other.pk, other.name, other.issuer = None, "Globex", "https://login.globex.example"
    other.save()
    for alg in ("RS256", "ES256"):
        add_certificate(other, keys.certificate(alg))

    refused(paste(iss=other.issuer), "of another organisation")


def test_who_was_disabled_while_the_click_waited_links_nothing(owner, offering):
    proof = Proof.of(offering, keys.claims(), keys.sign(), ways.TOKEN)
    User.objects.filter(pk=owner.pk).update(is_active=False)
    actor = audit.Actor("ada", str(owner.public_id))

    with pytest.raises(LinkingRefused):
        commit.link(owner, proof, actor)

    assert not FederatedLink.objects.exists()


def test_a_proof_that_is_too_old_cannot_be_confirmed(paste, browser):
    response = paste()
    session = browser.session
    (kept,) = session["link-proofs"].values()
    kept["at"] -= 301
    session.save()

    refused(confirm(browser, response), "nothing to confirm", 404)


def test_the_page_of_an_organisation_that_does_not_offer_it_is_not_there(browser, connection):
    assert browser.get(f"/account/linking/{connection.pk}/").status_code == 404
    assert browser.get("/account/linking/999999/").status_code == 404
