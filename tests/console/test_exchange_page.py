"""The page that error_uri leads to: for administrators, with every check in order."""

import re
from urllib.parse import urlsplit

import pytest
from django.utils import timezone

from tests import keys
from tests.console.conftest import PASSWORD
from tests.fixtures import change


@pytest.fixture
def refusal(exchange):
    """Return the path that a refusal's error_uri leads to."""
    answer = exchange(subject_token=keys.sign(aud="<script>alert(1)</script>")).json()
    assert answer["error_uri"].startswith("https://id.ours.example/console/exchanges/")
    return urlsplit(answer["error_uri"]).path


def states(page: str) -> list[str]:
    """Return how each check went, in the page's order."""
    return re.findall(r'class="ui-step ui-step-([a-z-]+)"', page)


def test_shows_the_check_that_refused_with_what_was_found_and_wanted(
    client, administrator, refusal
):
    client.force_login(administrator)

    page = client.get(refusal).content.decode()

    assert states(page) == ["passed"] * 11 + ["refused"] + ["not-reached"] * 4
    assert "audience.not-us" in page
    assert "https://id.ours.example" in page
    assert "&lt;script&gt;" in page
    assert "<script>" not in page  # AT-129


def test_a_grant_passed_every_check(client, administrator, exchange):
    exchange()
    client.force_login(administrator)
    from idp.models import ExchangeRecord

    page = client.get(f"/console/exchanges/{ExchangeRecord.objects.get().pk}/").content.decode()

    assert set(states(page)) == {"passed"}


def test_a_stranger_is_sent_to_sign_in_and_comes_back(client, administrator, refusal):
    response = client.get(refusal)
    assert (response.status_code, response["Location"]) == (302, f"/sign-in/?next={refusal}")

    signed_in = client.post(response["Location"], {"username": "root", "password": PASSWORD})

    assert signed_in["Location"] == refusal
    assert client.get(refusal).status_code == 200


def test_somebody_who_is_not_an_administrator_is_told_so(client, bob, refusal):
    client.force_login(bob)

    response = client.get(refusal)

    assert response.status_code == 403
    assert "administrators" in response.content.decode()
    assert "audience" not in response.content.decode()


@pytest.mark.parametrize("state", [{"is_active": False}, {"locked_at": timezone.now()}])
def test_an_administrator_who_was_disabled_is_out_at_once(client, administrator, refusal, state):
    client.force_login(administrator)
    assert client.get(refusal).status_code == 200

    change(administrator, **state)

    assert client.get(refusal).status_code == 302


def test_no_cache_keeps_the_page(client, administrator, refusal):
    client.force_login(administrator)

    assert "no-store" in client.get(refusal)["Cache-Control"]


def test_an_attempt_that_does_not_exist_is_not_found(client, administrator, refusal):
    client.force_login(administrator)

    path = "/console/exchanges/00000000-0000-0000-0000-000000000000/"
    assert client.get(path).status_code == 404
