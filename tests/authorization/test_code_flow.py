"""Authorization code with PKCE and OpenID Connect: the way there and back, and every refusal."""

import time
from datetime import timedelta

import jwt
import pytest
from django.test import Client
from django.utils import timezone

from idp.models import AuthorizationCode, Consent
from tests.authorization.conftest import (
    CALLBACK,
    PASSWORD,
    address,
    agree,
    answer,
    challenge,
    claims,
)
from tests.fixtures import SECRET, change


def test_the_whole_way(browser, ada, shop, code, redeem, client):
    page = browser.get(address()).content.decode()
    for text in ("Orders", "ada", "See your e-mail address", CALLBACK, "900 seconds"):
        assert text in page

    tokens = redeem(code()).json()

    told = claims(tokens["id_token"])
    assert (told["iss"], told["sub"]) == ("https://id.ours.example", str(ada.public_id))
    assert (told["aud"], told["nonce"]) == ("orders", "a-nonce")
    assert told["exp"] - told["iat"] == 300
    assert abs(told["auth_time"] - time.time()) < 60
    assert told["amr"] == ["pwd"]
    assert jwt.get_unverified_header(tokens["id_token"])["typ"] == "JWT"
    assert jwt.get_unverified_header(tokens["access_token"])["typ"] == "at+jwt"
    assert tokens["scope"] == "email openid profile"
    assert "refresh_token" not in tokens
    header = {"Authorization": f"Bearer {tokens['access_token']}"}
    profile = client.get("/oauth2/userinfo", headers=header).json()
    assert profile == {
        "sub": str(ada.public_id),
        "name": "Ada Lovelace",
        "given_name": "Ada",
        "family_name": "Lovelace",
        "preferred_username": "ada",
        "email": "ada@ours.example",
        "email_verified": True,
    }


def test_the_answer_has_state_and_issuer(browser, ada, shop):  # RFC 9207
    told = answer(agree(browser, ada))

    assert set(told) == {"code", "state", "iss"}
    assert (told["state"], told["iss"]) == ("a-state", "https://id.ours.example")


def test_a_query_of_the_address_is_kept(browser, ada, shop):
    response = agree(browser, ada, redirect_uri="https://app.ours.example/other?a=1")

    assert response.headers["Location"].startswith("https://app.ours.example/other?a=1&code=")


def test_who_is_not_signed_in_signs_in_first_and_comes_back(ada, shop):
    stranger = Client()

    response = stranger.get(address())

    assert response.headers["Location"].startswith("/sign-in/?next=/oauth2/authorize")
    back = stranger.post(
        response.headers["Location"],
        {"username": "ada", "password": PASSWORD, "next": address()},
    )
    assert back.headers["Location"] == address()
    assert "Do you agree?" in stranger.get(address()).content.decode()


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"client_id": "unknown"}, id="unknown-client"),
        pytest.param({"client_id": None}, id="no-client"),
        pytest.param({"redirect_uri": None}, id="no-address"),
        pytest.param({"redirect_uri": "https://evil.example/callback"}, id="other-site"),
        pytest.param({"redirect_uri": CALLBACK + "/"}, id="one-more-character"),
        pytest.param({"redirect_uri": CALLBACK + "?a=1"}, id="one-more-parameter"),
        pytest.param({"redirect_uri": CALLBACK.replace("app", "APP")}, id="another-case"),
        pytest.param({"redirect_uri": CALLBACK.replace("/call", "/x/../call")}, id="dots"),
        pytest.param({"redirect_uri": CALLBACK + "#"}, id="fragment"),
        pytest.param({"redirect_uri": "https://app.ours.example@evil.example/callback"}, id="user"),
        pytest.param({"redirect_uri": "javascript:alert(1)"}, id="script"),
        pytest.param({"redirect_uri": "http://127.0.0.1/callback"}, id="loopback-of-a-web-app"),
        pytest.param({"client_id": "orders\x00"}, id="nul"),
    ],
)
def test_nobody_is_answered_at_an_address_that_is_not_proved(browser, shop, changes):
    response = browser.get(address(**changes))

    assert response.status_code == 400
    assert "Location" not in response.headers
    assert "This cannot go on" in response.content.decode()
    assert 'href="javascript' not in response.content.decode()


def test_a_disabled_application_is_an_unknown_one(browser, shop):
    unknown = browser.get(address(client_id="unknown")).content
    change(shop, enabled=False)

    response = browser.get(address())

    assert response.status_code == 400
    assert b"not known here" in response.content
    assert b"not known here" in unknown


@pytest.mark.parametrize(
    "more",
    [
        pytest.param("&redirect_uri=https://evil.example/", id="another-address"),
        pytest.param("&scope=openid", id="a-scope"),
        pytest.param("&prompt=%00", id="no-character"),
    ],
)
def test_what_may_be_read_in_two_ways_is_refused_on_the_page(browser, shop, more):
    assert browser.get(address()).status_code == 200

    assert browser.get(address() + more).status_code == 400


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"response_type": None}, "invalid_request"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_type": "code id_token"}, "unsupported_response_type"),
        ({"response_mode": "fragment"}, "invalid_request"),
        ({"code_challenge": None}, "invalid_request"),
        ({"code_challenge": "short"}, "invalid_request"),
        ({"code_challenge_method": None}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"scope": "openid admin"}, "invalid_scope"),
        ({"scope": "openid  profile"}, "invalid_scope"),
        ({"prompt": "none login"}, "invalid_request"),
        ({"prompt": "create"}, "invalid_request"),
        ({"max_age": "-1"}, "invalid_request"),
        ({"max_age": "soon"}, "invalid_request"),
        ({"request": "eyJ"}, "request_not_supported"),
        ({"request_uri": "https://x.example"}, "request_uri_not_supported"),
        ({"claims": "{}"}, "invalid_request"),
        ({"nonce": "x" * 3000}, "invalid_request"),
    ],
)
def test_other_mistakes_are_told_to_the_application(browser, shop, changes, error):
    told = answer(browser.get(address(**changes)))

    assert told["error"] == error
    assert (told["state"], told["iss"]) == ("a-state", "https://id.ours.example")
    assert "code" not in told


def test_nobody_signs_in_for_a_request_that_is_refused_anyway(client, shop):
    assert "/sign-in/" in client.get(address()).headers["Location"]

    response = client.get(address(scope="openid orders.delete"))

    assert answer(response)["error"] == "invalid_scope"


def test_an_application_without_the_grant_signs_nobody_in(browser, shop):
    change(shop, grant_types=frozenset({"refresh_token"}))

    assert answer(browser.get(address()))["error"] == "unauthorized_client"


def test_a_scope_that_needs_a_role_is_for_those_who_have_it(browser, ada, shop, clerks):
    assert answer(browser.get(address(scope="openid orders.write")))["error"] == "invalid_scope"

    clerks.members.add(ada)

    assert browser.get(address(scope="openid orders.write")).status_code == 200


def test_who_does_not_agree_is_no_code(browser, ada, shop):
    response = browser.post(address(), {"decision": "deny", "account": str(ada.public_id)})

    assert answer(response)["error"] == "access_denied"
    assert not Consent.objects.exists()
    assert not AuthorizationCode.objects.exists()


def test_a_forged_consent_counts_for_nothing(browser, ada, shop):  # AT-122
    forger = Client(enforce_csrf_checks=True)
    forger.cookies = browser.cookies

    assert agree(forger, ada).status_code == 403
    assert not Consent.objects.exists()


def test_who_read_the_page_is_who_agrees(browser, bob, shop):
    """Somebody else signed in, in another window of the same browser."""
    response = browser.post(address(), {"decision": "allow", "account": str(bob.public_id)})

    assert response.status_code == 200
    assert "Do you agree?" in response.content.decode()
    assert not Consent.objects.exists()


def test_consent_is_asked_for_once_and_again_for_more(browser, ada, shop):
    agree(browser, ada)

    assert "code" in answer(browser.get(address()))
    assert "code" in answer(browser.get(address(scope="openid")))
    assert browser.get(address(scope="openid phone")).status_code == 200
    assert browser.get(address(prompt="consent")).status_code == 200


def test_nobody_is_asked_for_an_application_of_our_own(browser, shop):
    change(shop, skip_consent=True)

    assert "code" in answer(browser.get(address()))


def test_without_a_page_it_says_what_is_missing(browser, ada, shop):
    assert answer(browser.get(address(prompt="none")))["error"] == "consent_required"
    assert answer(Client().get(address(prompt="none")))["error"] == "login_required"
    agree(browser, ada)
    assert "code" in answer(browser.get(address(prompt="none")))


@pytest.mark.parametrize(
    "changes",
    [{"prompt": "login"}, {"prompt": "select_account"}, {"max_age": "100"}, {"max_age": "0"}],
)
def test_an_old_proof_is_made_anew_first(browser, ada, shop, changes):
    agree(browser, ada)
    session = browser.session
    session["proved_at"] = int(time.time()) - 200
    session.save()

    response = browser.get(address(**changes))
    assert response.headers["Location"].startswith("/account/confirm/?next=%2Foauth2%2Fauthorize")

    browser.post(response.headers["Location"], {"password": PASSWORD, "next": address(**changes)})
    assert "code" in answer(browser.get(address(**changes)))


def test_a_fresh_proof_is_good_enough(browser, ada, shop):
    agree(browser, ada)

    assert "code" in answer(browser.get(address(max_age="100")))


def test_from_a_page_of_ours_one_goes_on_by_a_page(browser, ada, shop):
    """Chromium would stop a redirect to another site after a form of ours."""
    data = {"decision": "allow", "account": str(ada.public_id)}

    response = browser.post(address(), data, headers={"Sec-Fetch-Site": "same-origin"})

    assert response.status_code == 200
    page = response.content.decode()
    assert 'http-equiv="refresh" content="0; url=https://app.ours.example/callback?code=' in page
    assert response["Referrer-Policy"] == "no-referrer"
    assert "no-store" in response["Cache-Control"]


def test_pages_cannot_be_framed(browser, shop):  # AT-135
    response = browser.get(address())

    assert response["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in response["Content-Security-Policy"]


# Redeeming


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"code_verifier": "x" * 43}, id="another-verifier"),
        pytest.param({"code_verifier": "short"}, id="no-verifier"),
        pytest.param({"redirect_uri": "https://app.ours.example/other?a=1"}, id="another-address"),
        pytest.param({"code": "unknown"}, id="unknown"),
    ],
)
def test_a_code_is_for_who_asked_for_it(code, redeem, changes):
    good = code()

    response = redeem(**{"code": good} | changes)

    assert (response.status_code, response.json()["error"]) == (400, "invalid_grant")
    if "code" not in changes:
        assert redeem(good).status_code == 200  # a mistake spends nothing


@pytest.mark.parametrize("name", ["code", "redirect_uri", "code_verifier"])
def test_a_missing_parameter_is_named(code, redeem, name):
    response = redeem(**{"code": code()} | {name: None})

    assert response.json()["error"] == "invalid_request"
    assert name in response.json()["error_description"]


def test_a_verifier_that_can_be_guessed_proves_nothing(code, redeem):  # RFC 7636 4.1
    guessable = code(code_challenge=challenge("short"))

    assert redeem(guessable, code_verifier="short").json()["error"] == "invalid_grant"


def test_a_code_of_another_application_is_none(code, redeem, post, shop):
    from applications import secrets
    from applications.models import Application

    other = Application(
        name="Other",
        client_id="other",
        type="traditional-web",
        grant_types=frozenset({"authorization_code"}),
        redirect_uris=frozenset({CALLBACK}),
        secret_digest=secrets.digest(SECRET),
    )
    other.full_clean()
    other.save()
    good = code()
    data = {
        "grant_type": "authorization_code",
        "code": good,
        "redirect_uri": CALLBACK,
        "code_verifier": "a-verifier-of-forty-three-characters-or-more-0123",
    }

    response = post("/oauth2/token", data, auth=("other", SECRET))

    assert response.json()["error"] == "invalid_grant"
    assert redeem(good).status_code == 200


def test_a_code_that_comes_back_ends_what_was_made_of_it(code, redeem, client):
    good = code()
    tokens = redeem(good).json()
    header = {"Authorization": f"Bearer {tokens['access_token']}"}
    assert client.get("/oauth2/userinfo", headers=header).status_code == 200

    assert redeem(good).json()["error"] == "invalid_grant"

    assert client.get("/oauth2/userinfo", headers=header).status_code == 401


def test_a_code_is_good_for_a_minute(code, redeem):
    good = code()
    AuthorizationCode.objects.update(expires_at=timezone.now() - timedelta(seconds=1))

    assert redeem(good).json()["error"] == "invalid_grant"


def test_only_a_digest_of_a_code_is_kept(code):
    good = code()

    assert good not in str(AuthorizationCode.objects.values())


@pytest.mark.parametrize(
    "state", [{"is_active": False}, {"locked_at": timezone.now()}, {"epoch": 9}],
    ids=["disabled", "locked", "anew"],
)  # fmt: skip
def test_a_code_ends_with_the_account_as_it_was(code, redeem, ada, state):
    good = code()
    change(ada, **state)

    assert redeem(good).json()["error"] == "invalid_grant"


def test_a_code_ends_with_the_consent(code, redeem):
    good = code()
    Consent.objects.all().delete()

    assert redeem(good).json()["error"] == "invalid_grant"


# Afterwards


@pytest.mark.parametrize(
    "happens",
    ["user disabled", "user locked", "application disabled", "grant removed", "consent withdrawn"],
)
def test_tokens_end_at_once(code, redeem, client, ada, shop, happens):
    tokens = redeem(code(scope="openid offline_access")).json()
    header = {"Authorization": f"Bearer {tokens['access_token']}"}
    assert client.get("/oauth2/userinfo", headers=header).status_code == 200
    events = {
        "user disabled": lambda: change(ada, is_active=False),
        "user locked": lambda: change(ada, locked_at=timezone.now()),
        "application disabled": lambda: change(shop, enabled=False),
        "grant removed": lambda: change(shop, grant_types=frozenset({"refresh_token"})),
        "consent withdrawn": Consent.objects.all().delete,
    }

    events[happens]()

    assert client.get("/oauth2/userinfo", headers=header).status_code == 401


def test_a_refresh_goes_on_whatever_the_switches_of_exchange_say(code, redeem, post, shop):
    assert not shop.prioritize_local
    tokens = redeem(code(scope="openid offline_access email")).json()
    data = {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]}

    refreshed = post("/oauth2/token", data).json()

    assert refreshed["scope"] == "email offline_access openid"
    assert claims(refreshed["access_token"])["sub"] == claims(tokens["access_token"])["sub"]


@pytest.mark.parametrize("kind", ["id_token", "refresh_token", "nonsense"])
def test_userinfo_takes_access_tokens_only(code, redeem, client, kind):
    tokens = redeem(code(scope="openid offline_access")).json() | {"nonsense": "x.y.z"}

    response = client.get("/oauth2/userinfo", headers={"Authorization": f"Bearer {tokens[kind]}"})

    assert response.status_code == 401
    assert 'error="invalid_token"' in response["WWW-Authenticate"]


def test_userinfo_takes_no_token_from_the_address(code, redeem, client):
    token = redeem(code()).json()["access_token"]

    assert client.get(f"/oauth2/userinfo?access_token={token}").status_code == 401
    assert client.post("/oauth2/userinfo", {"access_token": token}).status_code == 401


@pytest.mark.parametrize("header", ["Basic {}", "{}", "Bearer"])
def test_userinfo_takes_bearer_tokens_only(code, redeem, client, header):
    token = redeem(code()).json()["access_token"]

    response = client.get("/oauth2/userinfo", headers={"Authorization": header.format(token)})

    assert response.status_code == 401
    assert "error" not in response["WWW-Authenticate"]  # who sends no token learns no error


def test_userinfo_is_read_and_nothing_else(code, redeem, client):
    token = redeem(code()).json()["access_token"]

    response = client.delete("/oauth2/userinfo", headers={"Authorization": f"Bearer {token}"})

    assert (response.status_code, response["Allow"]) == (405, "GET, POST")


def test_a_token_without_openid_says_nothing_of_a_person(code, redeem, client):
    token = redeem(code(scope="orders.read")).json()["access_token"]

    response = client.get("/oauth2/userinfo", headers={"Authorization": f"Bearer {token}"})

    assert response.status_code == 403
