"""The token preview: what the next token would say, and whose exchanges would be refused."""

import html
import json
import re
from datetime import timedelta

import jwt
import pytest
from django.utils import timezone

from accounts.models import FederatedLink, User
from applications.models import Application
from connections.models import Connection
from idp.console import traffic
from idp.models import AccessToken, AuditEvent, ExchangeRecord, SigningKey
from tests import keys
from tests.fixtures import change

SELDOM_SAME = {"exp", "iat", "jti"}


@pytest.fixture
def show(console, application):
    """Return a function that asks for the preview of the form, and its text."""

    def show(*, htmx=True, status=200, **data):
        headers = {"HX-Request": "true"} if htmx else {}
        path = f"/console/tools/preview/{application.pk}/"
        response = console.post(path, data, headers=headers)
        assert response.status_code == status
        return response.content.decode()

    return show


def tokens(page):
    """Return the claims of each token that a page shows."""
    return [
        json.loads(html.unescape(text)) for text in re.findall(r"<code>({.*?})</code>", page, re.S)
    ]


def uses(application, connection, *subjects, **fields):
    for subject in subjects:
        values = {"outcome": ExchangeRecord.Outcome.GRANTED} | fields
        ExchangeRecord.objects.create(
            application=application, connection=connection, subject=subject, **values
        )


def words(page):
    return " ".join(page.split())


def test_the_preview_is_what_an_exchange_issues_for_a_linked_account(
    show, exchange, alice, application
):
    wanted = {"prioritize_local": "on", "attributes": ["email", "email_verified", "given_name"]}
    preview = tokens(show(**wanted, who="alice"))[0]

    change(application, prioritize_local=True, attributes=set(wanted["attributes"]))
    issued = jwt.decode(exchange().json()["access_token"], options={"verify_signature": False})

    assert {n: v for n, v in preview.items() if n not in SELDOM_SAME} == {
        n: v for n, v in issued.items() if n not in SELDOM_SAME
    }
    assert preview.keys() == issued.keys()


def test_the_preview_begins_with_somebody_who_is_linked(console, application, alice):
    User.objects.create_user("aaron")  # comes before alice, and has no link

    shown = console.get(f"/console/applications/{application.pk}/attributes/").context

    assert shown["person"] == alice
    assert [each.username for each in shown["people"]] == ["alice", "aaron", "root"]


def test_the_preview_begins_with_anybody_where_nobody_is_linked(console, application, bob):
    shown = console.get(f"/console/applications/{application.pk}/attributes/").context

    assert bob in shown["people"]


def test_the_preview_has_the_claims_of_an_exchange_without_a_link(show, exchange, application):
    wanted = {"attributes": ["email", "email_verified"]}
    (preview,) = tokens(show(**wanted))

    change(application, attributes=set(wanted["attributes"]))
    token = keys.sign(email="a@acme.example", email_verified=True, name="not asked for")
    answer = exchange(subject_token=token).json()
    issued = jwt.decode(answer["access_token"], options={"verify_signature": False})

    assert preview.keys() == issued.keys()
    assert preview["sub"] == preview["email"] == "(copied)"


def test_what_is_in_the_form_counts_and_nothing_is_saved(show, application, alice):
    (preview,) = tokens(show(attributes=["locale"]))

    assert "locale" in preview
    application.refresh_from_db()
    assert application.attributes == frozenset()
    assert not AuditEvent.objects.exists()


def test_no_token_is_signed_or_kept(show, alice):
    show(prioritize_local="on")

    assert not SigningKey.objects.exists()
    assert not AccessToken.objects.exists()
    assert not ExchangeRecord.objects.exists()


def test_both_outcomes_are_shown_where_local_accounts_are_prioritized(show, alice):
    page = show(prioritize_local="on", who="alice")

    linked, unlinked = tokens(page)
    assert linked["sub"] == str(alice.public_id)
    assert unlinked["sub_id"]["format"] == "iss_sub"
    assert page.index("With a linked account") < page.index("Without a linked account")


def test_without_a_link_the_mandate_refuses(show, alice):
    page = show(prioritize_local="on", mandate_local="on", who="alice")

    assert len(tokens(page)) == 1
    assert "The exchange is refused with invalid_request: no token." in page


def test_a_disabled_account_gets_no_token(show, alice):
    change(alice, is_active=False)

    page = show(prioritize_local="on", who="alice")

    assert [token["sub"] for token in tokens(page)] == ["(copied)"]
    assert "The exchange is refused with invalid_request: no token." in page


def test_without_priority_it_does_not_matter_whose_token_it_is(show, alice):
    page = show()

    assert "For everybody" in page
    assert "alice" not in page


def test_people_are_found_by_the_beginning_of_name_or_address(show, alice, bob):
    assert "<bdi>bob</bdi>" in show(prioritize_local="on", who="BO")
    page = show(prioritize_local="on", who="alice@ours")
    assert "<bdi>alice</bdi>" in page
    assert "<bdi>bob</bdi>" not in page


def test_the_person_who_is_picked_is_shown(show, alice, bob):
    page = show(prioritize_local="on", person=str(bob.public_id))

    assert tokens(page)[0]["sub"] == str(bob.public_id)
    assert f'value="{bob.public_id}" data-unwatched checked' in page


@pytest.mark.parametrize("person", ["", "nobody", "\0", "x" * 10_000])
def test_a_person_who_cannot_be_picked_is_the_first_one(show, alice, bob, person):
    page = show(prioritize_local="on", person=person)

    assert tokens(page)[0]["sub"] == str(alice.public_id)


def test_nobody_by_that_name_leaves_the_other_outcome(show, alice):
    page = show(prioritize_local="on", who="zoe")

    assert "Nobody’s username or e-mail address begins with that." in page
    assert [token["sub"] for token in tokens(page)] == ["(copied)"]


@pytest.mark.parametrize("who", ["\0", "%", "_", "x" * 100_000, "\N{COMBINING ACUTE ACCENT}"])
def test_odd_words_find_nobody_and_break_nothing(show, alice, who):
    show(prioritize_local="on", who=who)


def test_few_people_are_offered(show):
    for number in range(9):
        User.objects.create_user(f"ann{number}")

    page = show(prioritize_local="on", who="ann")

    assert page.count('name="person"') == 5


def test_what_a_person_is_called_is_only_text(show):
    User.objects.create_user("zed", given_name="<script>alert(1)</script>")

    page = show(prioritize_local="on", who="zed", attributes=["given_name"])

    assert "<script>alert" not in page
    assert tokens(page)[0]["given_name"] == "<script>alert(1)</script>"


def test_settings_that_cannot_be_saved_are_to_be_corrected_first(show, alice):
    page = show(status=422, mandate_local="on")

    assert "Correct the settings first:" in page
    assert "Mandating a linked local account needs" in page
    assert tokens(page) == []


def test_an_opaque_token_says_where_its_claims_are_told(show, application):
    change(application, access_token_format="opaque")

    assert "introspection tells these claims" in show()


def test_without_javascript_the_page_comes_back_with_what_was_chosen(show, alice, application):
    page = show(htmx=False, prioritize_local="on", attributes=["locale"], who="al", version="0123")

    assert 'name="who" value="al"' in page
    assert 'value="locale" checked>' in page
    assert 'name="version" value="0123"' in page
    assert f'action="/console/applications/{application.pk}/attributes/"' in page
    assert len(tokens(page)) == 2


def test_without_javascript_what_is_wrong_is_told(show):
    assert "Nothing was saved yet" in show(htmx=False, status=422, mandate_local="on")


def test_the_address_of_the_tool_leads_to_the_page(console, application):
    response = console.get(f"/console/tools/preview/{application.pk}/")

    assert response["Location"] == f"/console/applications/{application.pk}/attributes/"


@pytest.mark.parametrize("key", [999, 10**30])
def test_an_application_that_is_not_there_is_not_found(console, key):
    assert console.post(f"/console/tools/preview/{key}/", {}).status_code == 404


def test_only_administrators_may_look(client, bob, application):
    client.force_login(bob)

    assert client.post(f"/console/tools/preview/{application.pk}/", {}).status_code == 403


# Whose exchanges would be refused


@pytest.fixture
def traffic_of_a_week(application, connection, alice):
    """Record what three identities did, of whom alice's is linked."""
    uses(application, connection, keys.SUBJECT, keys.SUBJECT, "x", "y")
    uses(application, connection, "long ago", at=timezone.now() - timedelta(days=8))
    uses(application, None, "not proved", outcome=ExchangeRecord.Outcome.REFUSED)


MANDATE = {"prioritize_local": "on", "mandate_local": "on"}


def test_a_mandate_says_whose_exchanges_it_would_refuse(show, traffic_of_a_week):
    page = words(show(**MANDATE))

    assert (
        "2 of 3 identities that used this application in the last 7 days have no linked account: "
        "their exchanges would be refused."
    ) in page
    assert "links accounts automatically" not in page


def test_a_mandate_that_is_saved_says_whose_exchanges_it_refuses(
    show, application, traffic_of_a_week
):
    change(application, prioritize_local=True, mandate_local=True)

    page = words(show(**MANDATE))

    assert "2 of 3 identities that came to this application in the last 7 days" in page
    assert "their exchanges are refused." in page


def test_those_who_may_still_be_linked_automatically_are_counted(
    show, connection, traffic_of_a_week
):
    change(connection, implicit_linking=True, primary_lookup="email")

    page = words(show(**MANDATE))

    assert "2 of them come over connections that link accounts automatically" in page


def test_a_mandate_that_refuses_nobody_says_so(show, application, connection, alice):
    uses(application, connection, keys.SUBJECT)

    page = words(show(**MANDATE))

    assert "The 1 identity that used this application in the last 7 days has a linked" in page


def test_a_mandate_without_traffic_promises_nothing(show):
    assert "Nobody used this application in the last 7 days" in words(show(**MANDATE))


def test_without_a_mandate_nobody_is_counted(show, traffic_of_a_week):
    assert "would be refused" not in show(prioritize_local="on")


def test_the_traffic_of_other_applications_does_not_count(show, application, connection, alice):
    other = Application.objects.create(name="Other", client_id="o", type="machine-to-machine")
    uses(other, connection, "x", "y", "z")

    assert "Nobody used this application" in words(show(**MANDATE))


def test_a_link_of_another_connection_does_not_count(show, application, connection, bob):
    other = Connection.objects.create(
        name="B", issuer="https://b.example", jwks_uri="https://b.example/j"
    )
    FederatedLink.objects.create(user=bob, connection=other, subject="x")
    uses(application, connection, "x")

    assert "1 of 1 identity that used" in words(show(**MANDATE))


def test_prioritizing_says_how_many_get_another_sub(show, application, traffic_of_a_week):
    page = words(show(prioritize_local="on"))

    assert "1 of 3 identities that used this application in the last 7 days has a linked" in page
    assert "would get another sub" in page


def test_prioritizing_no_more_says_that_sessions_end(show, application, traffic_of_a_week):
    change(application, prioritize_local=True)

    page = words(show())

    assert "would get another sub" in page
    assert "Sessions of local accounts that can be refreshed end." in page


def test_only_the_latest_attempts_are_looked_at(show, application, connection, monkeypatch):
    monkeypatch.setattr(traffic, "LOOKED_AT", 2)
    for minutes in range(4):
        at = timezone.now() - timedelta(minutes=minutes)
        uses(application, connection, str(minutes), at=at)

    page = words(show(**MANDATE))

    assert "2 of 2 identities that used this application among the latest 2 attempts" in page


def test_more_traffic_takes_no_more_queries(
    show, application, connection, django_assert_max_num_queries
):
    uses(application, connection, *map(str, range(50)))

    with django_assert_max_num_queries(39):  # most of them the form's: the constraints of the model
        show(**MANDATE)
