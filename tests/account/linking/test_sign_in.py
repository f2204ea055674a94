"""Prove an identity by signing in at its issuer (OpenID Connect Core 3.1, RFC 7636, RFC 9207)."""

import hashlib
import time

import pytest
from django.test import Client

from accounts.models import FederatedLink
from connections import base64url
from connections.models import Connection
from idp.models import AuditEvent
from tests import keys
from tests.account.linking.conftest import BEGIN, CLIENT_ID
from tests.fixtures import change


def refused(response, words: str, status: int = 400) -> None:
    """Assert a clear page, and that nothing was written."""
    assert response.status_code == status
    page = response.content.decode()
    assert "Nothing was linked" in page
    assert words in page
    assert not FederatedLink.objects.exists()


def test_both_identities_are_seen_and_then_linked(journey, owner):
    page = journey.browser.get(journey.there_and_back().headers["Location"])

    assert "ada" in page.content.decode()
    assert keys.SUBJECT in page.content.decode()
    assert "Ada L." in page.content.decode()
    assert not FederatedLink.objects.exists()
    assert journey.browser.post(page.wsgi_request.path).headers["Location"].endswith("accounts/")
    link = FederatedLink.objects.get()
    assert (link.user, link.subject, link.origin) == (owner, keys.SUBJECT, "owner")
    event = AuditEvent.objects.get(action="user.linked")
    assert (event.actor_name, event.target_id) == ("ada", str(owner.public_id))


def test_the_request_is_what_the_issuer_needs(journey, settings):
    asked = journey.begin()

    assert asked["response_type"] == "code"
    assert asked["client_id"] == CLIENT_ID
    assert asked["tenant"] == "7"
    assert set(asked["scope"].split()) == {"openid", "profile", "email"}
    where = f"{BEGIN}{journey.connection.pk}/callback"
    assert asked["redirect_uri"] == settings.ISSUER + where
    assert asked["code_challenge_method"] == "S256"


def test_the_code_is_sent_with_the_verifier_and_the_secret_in_the_header(journey):
    journey.there_and_back()

    request = journey.server.requests[0].decode()
    verifier = request.rpartition("code_verifier=")[2].partition("&")[0]
    challenge = base64url.encode(hashlib.sha256(verifier.encode()).digest())
    assert challenge == journey.asked["code_challenge"]
    assert "Authorization: Basic " in request
    assert "client_secret" not in request


def test_the_secret_goes_into_the_body_where_the_issuer_wants_it_there(journey):
    change(journey.connection, token_endpoint_auth_method="client_secret_post")

    assert journey.there_and_back().status_code == 302
    assert b"client_secret=issuer-gave-us-this" in journey.server.requests[0]
    assert b"Authorization" not in journey.server.requests[0]


@pytest.mark.parametrize(
    "claims",
    [
        pytest.param({"aud": "another-client"}, id="audience"),
        pytest.param({"aud": keys.AUDIENCE}, id="audience-of-exchanges"),
        pytest.param({"aud": [CLIENT_ID, "another"]}, id="shared-audience-without-azp"),
        pytest.param({"azp": "another-client"}, id="azp"),
        pytest.param({"nonce": "of another sign-in"}, id="nonce"),
        pytest.param({"nonce": None}, id="no-nonce"),
        pytest.param({"iss": "https://login.globex.example"}, id="issuer"),
        pytest.param({"exp": 1}, id="expired"),
        pytest.param({"iat": None}, id="no-iat"),
        pytest.param({"iat": int(time.time()) - 400}, id="old"),
        pytest.param({"signed_by": "mallory"}, id="signature"),
        pytest.param({"header": {"typ": "at+jwt"}}, id="access-token"),
        pytest.param({"sub": ""}, id="subject"),
    ],
)
def test_refuses_an_id_token_with_the_wrong(journey, claims):
    refused(journey.there_and_back(**claims), "does not prove who you are")


def test_takes_a_shared_audience_where_we_are_who_asked(journey):
    assert journey.there_and_back(aud=[CLIENT_ID, "x"], azp=CLIENT_ID).status_code == 302


def test_an_access_token_in_place_of_the_id_token_proves_nothing(journey):
    journey.begin()
    good = {"aud": CLIENT_ID, "nonce": journey.asked["nonce"]}
    journey.says({"access_token": keys.sign(**good)})

    refused(journey.back(), "cannot be asked", 424)


@pytest.mark.parametrize("state", ["another", None])
def test_an_answer_without_the_state_of_this_session_is_refused(journey, state):  # AT-122
    journey.begin()
    journey.answers()

    refused(journey.back(state=state), "was not begun here")
    assert journey.server.requests == []


def test_an_answer_for_another_session_of_the_same_person_is_refused(journey, owner):  # AT-122
    journey.begin()
    journey.answers()
    journey.browser = Client()
    journey.browser.force_login(owner)

    refused(journey.back(), "was not begun here")


def test_a_sign_in_that_somebody_else_began_in_this_session_is_refused(journey):
    journey.begin()
    journey.answers()
    session = journey.browser.session
    (about,) = session["link-sign-ins"].values()
    about["user"] = "somebody else"
    session.save()

    refused(journey.back(), "was not begun here")


def test_an_answer_is_taken_once(journey):
    assert journey.there_and_back().status_code == 302

    refused(journey.back(), "was not begun here")
    assert len(journey.server.requests) == 1


def test_an_answer_that_took_too_long_is_refused(journey):
    journey.begin()
    journey.answers()
    session = journey.browser.session
    (about,) = session["link-sign-ins"].values()
    about["at"] -= 601
    session.save()

    refused(journey.back(), "took too long")


def test_two_tabs_do_not_disturb_each_other(journey):
    first = journey.begin()
    journey.begin()
    journey.asked = first
    journey.answers()

    assert journey.back().status_code == 302


def test_a_code_is_never_sent_to_the_token_endpoint_of_another_issuer(journey):  # AT-123
    other = Connection.objects.get()
    other.pk, other.name, other.issuer = None, "Globex", "https://login.globex.example"
    other.save()
    journey.begin()
    journey.answers()

    refused(journey.back(other.pk), "not from the organisation")
    assert journey.server.requests == []


def test_an_answer_that_names_another_issuer_is_refused(journey):  # RFC 9207, AT-123
    journey.begin()
    journey.answers()

    refused(journey.back(iss="https://login.globex.example"), "not from the organisation")
    assert journey.server.requests == []


def test_an_answer_must_name_the_issuer_where_its_metadata_says_so(journey):
    change(journey.connection, answers_with_issuer=True)
    journey.begin()
    journey.answers()

    refused(journey.back(), "not from the organisation")
    journey.begin()
    journey.answers()
    assert journey.back(iss=keys.ISSUER).status_code == 302


def test_a_client_that_was_changed_meanwhile_is_not_asked(journey):
    journey.begin()
    journey.answers()
    change(journey.connection, client_id="another")

    refused(journey.back(), "not from the organisation")


def test_repeated_parameters_are_refused(journey):
    state = journey.begin()["state"]
    journey.answers()

    path = f"{BEGIN}{journey.connection.pk}/callback?state={state}&code=a&code=b"
    refused(journey.browser.get(path), "ambiguous")
