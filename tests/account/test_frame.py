"""Pages of an account are for its owner, while the account is usable."""

import pytest
from django.utils import timezone

from tests.routes import fill, routes

PAGES = [(route, p) for route, p in routes() if route.startswith("account/")]


@pytest.mark.parametrize(("route", "pattern"), PAGES, ids=[route for route, _p in PAGES])
def test_every_page_is_for_owners_only(client, db, route, pattern):
    assert pattern.callback.is_for_owners
    address = f"/{fill(route)}"

    response = client.post(address)

    assert response.status_code in (302, 405)
    if response.status_code == 302:
        assert response.headers["Location"] == f"/sign-in/?next={address}"


def test_the_profile_tells_which_addresses_are_verified(browser, owner):
    owner.mobile, owner.mobile_verified = "+4930123456", True
    owner.save()

    page = browser.get("/account/").content.decode()

    before, after = page.split("+4930123456")
    assert "ada@ours.example" in before
    assert "Not verified" in before.split("ada@ours.example")[1]
    assert "Not verified" not in after
    assert "Verified" in after


@pytest.mark.parametrize("change", [{"is_active": False}, {"locked_at": timezone.now()}])
def test_who_is_disabled_or_locked_sees_nothing_any_more(browser, owner, change):
    assert browser.get("/account/").status_code == 200
    type(owner).objects.filter(pk=owner.pk).update(**change)

    assert browser.get("/account/").status_code == 302


def test_who_signs_in_comes_back_to_the_page(client):
    response = client.get("/account/?page=2", follow=False)

    assert response.headers["Location"] == "/sign-in/?next=/account/%3Fpage%3D2"
