"""Who would match a pasted token: the code of an exchange, and nothing is written."""

import time

import pytest
from django.core import signing

from accounts.models import FederatedLink, RemovedLink, User
from connections.models import Connection, SpentToken
from connections.refusal import KeysUnavailable
from idp import limits
from idp.exchange.commit import token_id
from idp.models import AuditEvent, ExchangeRecord
from tests import keys
from tests.fixtures import change


@pytest.fixture
def ask(console, connection, watch):
    """Return a function that pastes a token, with linking on by e-mail, then username."""

    def ask(token, *, htmx=True, connection=connection, **changes):
        good = {
            "algorithms": ["RS256", "ES256"],
            "clock_skew": "30",
            "maximum_token_age": "3600",
            "linking": "on",
            "primary": "email",
            "secondary": "username",
            "pasted_token": token,
        }
        if token:
            watch.note("subject_token", token)
        data = {name: value for name, value in (good | changes).items() if value is not None}
        headers = {"HX-Request": "true"} if htmx else {}
        response = console.post(f"/console/tools/match/{connection.pk}/", data, headers=headers)
        return response.status_code, " ".join(response.content.decode().split())

    return ask


def by_email(**changes):
    return keys.sign(**{"email": "bob@ours.example", "email_verified": True} | changes)


def test_the_account_that_matches_is_shown_with_the_attribute(ask, bob):
    status, page = ask(by_email())

    assert status == 200
    assert "Token verified" in page
    assert "One account matches, by Email" in page
    assert "<bdi>bob</bdi>" in page
    assert "verified, says the token" in page


def test_the_account_is_found_by_the_secondary_attribute(ask, bob):
    _status, page = ask(keys.sign(preferred_username="bob"), issuer_verifies=["username"])

    assert "One account matches, by Username" in page
    assert "verified, by your confirmation" in page
    assert "<code>email</code> is missing" in page


def test_it_is_not_used_more_often_than_the_other_tools(ask, bob, administrator):
    for _number in range(limits.TOOLS.uses):
        limits.spend(administrator)

    _status, page = ask(by_email())

    assert "Wait a minute, then try again." in page
    assert "<bdi>bob</bdi>" not in page


def test_nothing_is_written(ask, bob, connection):
    change(connection, one_time_tokens=True)
    ask(by_email(), one_time_tokens="on")

    assert not FederatedLink.objects.exists()
    assert not SpentToken.objects.exists()
    assert not ExchangeRecord.objects.exists()
    assert not AuditEvent.objects.exists()
    connection.refresh_from_db()
    assert not connection.implicit_linking


def test_an_attribute_that_nobody_vouches_for_finds_nobody(ask, bob):
    _status, page = ask(by_email(email_verified=None))

    assert "Nobody matches" in page
    assert "The claim is missing, or nobody vouches for it." in page
    assert "nobody vouches for it</span>" in page


def test_a_confirmation_that_is_not_saved_counts(ask, bob):
    _status, page = ask(by_email(email_verified=None), issuer_verifies=["email"])

    assert "One account matches, by Email" in page


def test_several_accounts_are_nobody(ask, bob):
    for name in ("stra\u00dfe", "strasse"):
        User.objects.create_user(name)

    _status, page = ask(
        keys.sign(preferred_username="strasse"), primary="username", secondary="",
        issuer_verifies=["username"],
    )  # fmt: skip

    assert "Username: Several accounts match, so none is chosen." in page


def test_no_account_has_the_value(ask, bob):
    _status, page = ask(by_email(email="eve@ours.example"), secondary="")

    assert "Email: No account has this value as a verified one." in page


def test_an_account_that_is_linked_already_is_shown(ask, alice):
    _status, page = ask(keys.sign())

    assert "Linked already" in page
    assert "<bdi>alice</bdi>" in page


def test_a_linked_account_that_is_disabled_is_refused(ask, alice):
    change(alice, is_active=False)

    _status, page = ask(keys.sign())

    assert "Linked to an account that is disabled or locked" in page


def test_a_matching_account_that_is_disabled_is_refused(ask, bob):
    change(bob, is_active=False)

    _status, page = ask(by_email())

    assert "The one account that matches by Email is disabled or locked" in page
    assert "no link made" in page


def test_a_link_that_its_owner_removed_is_not_made_again(ask, bob, connection):
    RemovedLink.objects.create(user=bob, connection=connection, subject=keys.SUBJECT)

    _status, page = ask(by_email())

    assert "The owner of the account removed this link" in page


def test_an_account_with_another_subject_is_nobody(ask, bob, connection):
    FederatedLink.objects.create(user=bob, connection=connection, subject="other")

    _status, page = ask(by_email())

    assert "linked to another subject of this issuer" in page


def test_with_linking_off_nobody_is_looked_for(ask, bob, connection):
    change(connection, implicit_linking=True, primary_lookup="email")

    _status, page = ask(by_email(), linking=None)

    assert "Nobody is looked for" in page
    assert "<bdi>bob</bdi>" not in page


# Tokens that an exchange would refuse


@pytest.mark.parametrize(
    ("token", "reason"),
    [
        (lambda: keys.sign(signed_by="mallory"), "signature."),
        (lambda: keys.sign(exp=int(time.time()) - 60), "time.expired"),
        (lambda: keys.sign(aud="https://other.example"), "audience.not-us"),
        (lambda: keys.sign(iss="https://other.example"), "issuer.mismatch"),
        (lambda: keys.sign(sub=None), "subject."),
        (lambda: keys.sign(act={"sub": "x"}), "subject.actor"),
        (lambda: keys.sign(header={"typ": "logout+jwt"}), "token-type.contradiction"),
        (lambda: "not a token", "format."),
        (lambda: "a.b.c", "format."),
        (lambda: "\0", "format."),
        (lambda: "e" * 16_385, "format."),
    ],
)
def test_a_bad_token_is_refused_with_the_reason_in_words(ask, bob, token, reason):
    status, page = ask(token())

    assert status == 200
    assert "Not verified: an exchange would refuse it" in page
    assert f"<code>{reason}" in page
    assert "Token verified" not in page


def test_the_algorithms_that_are_typed_count(ask, bob):
    _status, page = ask(by_email(), algorithms=["ES256"])

    assert "<code>algorithm." in page


def test_the_clock_skew_that_is_typed_counts(ask, bob):
    late = by_email(exp=int(time.time()) - 60)

    assert "time.expired" in ask(late, clock_skew="10")[1]
    assert "Token verified" in ask(late, clock_skew="120")[1]


def test_a_one_time_token_that_was_used_is_told(ask, bob, connection):
    token = by_email(jti="1")
    spent = token_id({"jti": "1"}, token)
    SpentToken.objects.create(
        connection=connection, token_id=spent, forget_after="2100-01-01T00:00Z"
    )

    assert "This token was used before" in ask(token, one_time_tokens="on")[1]
    assert "This token was used before" not in ask(token)[1]


def test_a_token_of_another_issuer_makes_nobody_ask_for_keys(ask, connection, monkeypatch):
    connection.certificates.all().delete()
    Connection.objects.update(key_source="jwks", jwks_uri="https://login.acme.example/jwks")

    def asked(*_anything, **_more):
        raise AssertionError("asked for keys")

    monkeypatch.setattr("connections.jwks.keys_for", asked)

    assert "issuer.mismatch" in ask(keys.sign(iss="https://other.example"))[1]


def test_keys_that_cannot_be_had_are_told(ask, connection, monkeypatch):
    connection.certificates.all().delete()
    Connection.objects.update(key_source="jwks", jwks_uri="https://login.acme.example/jwks")

    def unavailable(*_anything, **_more):
        raise KeysUnavailable("timed out", retry_after=5)

    monkeypatch.setattr("connections.jwks.keys_for", unavailable)

    _status, page = ask(keys.sign())

    assert "cannot be read at the moment" in page
    assert "timed out" in page


def test_a_disabled_connection_is_told(ask, bob, connection):
    change(connection, enabled=False)

    assert "This connection is disabled: every exchange is refused." in ask(by_email())[1]


def test_what_a_stranger_wrote_is_only_text(ask, bob):
    _status, page = ask(by_email(sub="<script>alert(1)</script>", email="<b>"))

    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;" in page
    assert "<b>" not in page


def test_long_claims_are_cut(ask, bob):
    _status, page = ask(by_email(username="x" * 5000))

    assert "x" * 250 not in page


# The form around it


def test_without_a_token_one_is_asked_for(ask):
    for token in ("", "   "):
        status, page = ask(token)
        assert status == 422
        assert "Paste a token." in page


def test_settings_that_cannot_be_saved_are_to_be_corrected_first(ask, bob):
    status, page = ask(by_email(), primary="")

    assert status == 422
    assert "Correct the settings first" in page
    assert "Choose the primary lookup attribute" in page


def test_without_javascript_the_page_comes_back_with_what_was_typed(ask, bob):
    token = by_email()

    status, page = ask(token, htmx=False, clock_skew="77", version="0123")

    assert status == 200
    assert "One account matches, by Email" in page
    assert 'value="77"' in page
    assert token in page
    assert 'name="version" value="0123"' in page
    assert f'action="/console/connections/{Connection.objects.get().pk}/advanced/"' in page


def test_the_version_survives_so_that_nobody_is_overwritten(console, ask, connection, bob):
    path = f"/console/connections/{connection.pk}/advanced/"
    version = console.get(path).context["form"].version
    change(connection, clock_skew=99)
    _status, page = ask(by_email(), htmx=False, version=version)
    assert f'name="version" value="{version}"' in page


def test_the_address_of_the_tool_leads_to_the_page(console, connection):
    response = console.get(f"/console/tools/match/{connection.pk}/")

    assert response["Location"] == f"/console/connections/{connection.pk}/advanced/"


@pytest.mark.parametrize("key", [999, 10**30])
def test_a_connection_that_is_not_there_is_not_found(console, key):
    assert console.post(f"/console/tools/match/{key}/", {}).status_code == 404


def test_a_token_that_was_pasted_is_not_kept_when_the_session_has_ended(client, connection, db):
    token = keys.sign()
    response = client.post(
        f"/console/tools/match/{connection.pk}/", {"pasted_token": token, "primary": "email"}
    )

    assert response.status_code == 401
    kept = signing.loads(response.context["kept"], salt="idp.console.resend")
    assert kept["pairs"] == [["primary", "email"]]


def test_only_administrators_may_ask(client, bob, connection):
    client.force_login(bob)

    response = client.post(f"/console/tools/match/{connection.pk}/", {"pasted_token": keys.sign()})

    assert response.status_code == 403
