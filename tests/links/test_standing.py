"""What the owner says about a link holds for tokens that are out already, at once."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import FederatedLink
from idp import audit
from idp.links import owner
from idp.models import AccessToken, LinkLimit, TokenFamily
from tests.endpoints.conftest import every_grant, introspect, refresh  # noqa: F401
from tests.fixtures import change

US = audit.Actor.command("test")


@pytest.fixture
def link(application, alice):
    """Return alice's link, for an application that prefers local accounts."""
    change(application, prioritize_local=True)
    return FederatedLink.objects.get()


@pytest.fixture
def tokens(every_grant, exchange, link):  # noqa: F811
    """Return the answer of an exchange that came through the link."""
    return exchange().json()


def works(introspect, refresh, tokens) -> tuple[bool, bool]:  # noqa: F811
    """Say whether the access token is active, and whether the refresh token is."""
    access, again = tokens["access_token"], tokens["refresh_token"]
    return introspect(access)["active"], introspect(again)["active"]


@pytest.mark.parametrize(
    "say",
    [
        pytest.param({"paused_at": timezone.now()}, id="paused"),
        pytest.param({"expires_at": timezone.now() - timedelta(seconds=1)}, id="over"),
        pytest.param({"is_limited": True}, id="limited"),
    ],
)
def test_tokens_stop_while_the_owner_says_so(introspect, refresh, tokens, link, say):  # noqa: F811
    assert works(introspect, refresh, tokens) == (True, True)
    before = {name: getattr(link, name) for name in say}
    change(link, **say)

    assert works(introspect, refresh, tokens) == (False, False)
    assert refresh(tokens["refresh_token"]).json()["error"] == "invalid_grant"

    change(link, **before)
    assert works(introspect, refresh, tokens) == (True, True)
    assert refresh(tokens["refresh_token"]).status_code == 200


def test_a_limited_link_keeps_the_tokens_of_chosen_applications(
    introspect,  # noqa: F811
    refresh,  # noqa: F811
    tokens,
    link,
    application,
):
    LinkLimit.objects.create(link=link, application=application)
    change(link, is_limited=True)

    assert works(introspect, refresh, tokens) == (True, True)


def test_a_refreshed_token_lives_no_longer_than_the_link(refresh, tokens, link):  # noqa: F811
    change(link, expires_at=timezone.now() + timedelta(seconds=100))

    assert refresh(tokens["refresh_token"]).json()["expires_in"] <= 100


def test_unlinking_ends_every_token_of_the_link_and_no_other(
    introspect,  # noqa: F811
    refresh,  # noqa: F811
    tokens,
    link,
    application,
    exchange,
):
    change(application, prioritize_local=False)
    other = exchange().json()  # of the same subject, for the outside identity

    owner.unlink(link.user, link.pk, US)

    assert works(introspect, refresh, tokens) == (False, False)
    assert refresh(tokens["refresh_token"]).json()["error"] == "invalid_grant"
    assert works(introspect, refresh, other) == (True, True)
    assert not AccessToken.objects.filter(user=link.user).exists()
    assert not TokenFamily.objects.filter(user=link.user).exists()
