"""Every page in every look: whole, readable, within its window. And its picture."""

import gzip
import re
from collections.abc import Callable
from itertools import groupby
from pathlib import Path

import pytest
from playwright.sync_api import Page, Response

from accounts.models import FederatedLink, Role, User
from applications.models import Application, Scope
from connections.models import Connection
from idp.models import AuditEvent, ExchangeRecord, SigningKey
from tests.browser import scenery
from tests.browser.conftest import sign_in
from tests.browser.pages import (
    LOOKS,
    assert_accessible,
    assert_no_sideways_scroll,
    assert_tables_fit,
    show,
)
from tests.routes import fill, routes

FIRST_LOAD = 250_000  # bytes on the wire, fonts included
# What is sent and not looked at, and what other tests walk through.
NO_PAGES = re.compile(
    r"tools/|setup/.|/export|/created/|/secret/$|linking/.+/.|passkey/.+|n/passkey|sessions/.|email/.|second-|invited/."
)

# Each page of the URL map that begins so is looked at, by this person of the scenery.
VIEWERS = {"console/": "root", "account/": "ada", "sign-in/": ""}  # the last by nobody
# What stands in the place of a key, by the second word of the route.
KEYS: dict[str, Callable[[], object]] = {
    "connections": lambda: Connection.objects.get(name="Contoso workforce").pk,
    "applications": lambda: Application.objects.get(name="Orders").pk,
    "roles": lambda: Role.objects.get(name="Order clerks").pk,
    "scopes": lambda: Scope.objects.get(name="orders.write").pk,
    "users": lambda: User.objects.get(username="ada").public_id,
    "exchanges": lambda: ExchangeRecord.objects.filter(reason="audience.not-us").first().pk,
    "keys": lambda: SigningKey.objects.get(algorithm="ES256", state="current").kid,
    "audit": lambda: AuditEvent.objects.first().pk,
    "linking": lambda: Connection.objects.get(name="Contoso workforce").pk,
    "linked-accounts": lambda: FederatedLink.objects.filter(user__username="ada").first().pk,
}


def section(route: str) -> str:
    """Return the part of the site that a route is in: the pages of a part share a scene."""
    return "/".join(route.split("/")[:2])


ROUTES = [route for route, _ in routes() if route.startswith(tuple(VIEWERS))]
SECTIONS = {
    name: [route for route in members if not NO_PAGES.search(route)]
    for name, members in groupby(sorted(ROUTES, key=section), section)
}


def address(route: str) -> str:
    """Return where a page is, with something of the scenery in the place of a key."""
    kind = route.split("/")[1]
    return "/" + fill(route, lambda _converter: KEYS[kind]())


def picture(folder: Path, route: str, look: str) -> Path:
    """Return the file in which a picture belongs."""
    name = fill(route.removeprefix("console/"), lambda _converter: "one").strip("/")
    name = name.replace("/", "-") or "overview"
    return folder / f"{name}-{look}.png"


def is_button(page: Page, route: str) -> bool:
    """Say whether an address takes what a button sends; what it does is tested with the button."""
    answer = page.request.get(address(route), max_redirects=0)
    back = answer.headers.get("location", "")
    # Who is asked for the password again has not seen the page.
    leads_back = section(back[1:]) in SECTIONS and not back.startswith("/account/confirm/")
    return answer.status == 405 or leads_back


@pytest.fixture
def scene(page: Page, transactional_db: None, plain_http: None, settings, pytestconfig, request):
    """Return a browser on a server that has been in use for a while, with somebody signed in."""
    scenery.build(busyness=1 if pytestconfig.getoption("pictures") else 0.1)
    home = request.param.split("/")[0] + "/"
    if VIEWERS[home]:
        sign_in(page.context, User.objects.get(username=VIEWERS[home]), settings)
    return page


@pytest.mark.parametrize(
    ("scene", "name"), [(name, name) for name in SECTIONS], indirect=["scene"], ids=SECTIONS
)
def test_every_page_is_good_in_every_look(scene, name, subtests, pytestconfig):
    folder = pytestconfig.getoption("pictures")
    for route in SECTIONS[name]:
        if is_button(scene, route):
            continue
        with subtests.test(route):
            response = scene.goto(address(route))
            assert (response.status, response.request.redirected_from) == (200, None)
            assert scene.locator("h1").count() == 1
            assert re.search(r".+ · Agio$", scene.title())
        for look in LOOKS:
            with subtests.test(f"{route} {look}"):
                show(scene, look)
                assert_accessible(scene, look)
                assert_no_sideways_scroll(scene)
                if look == "phone":
                    assert_tables_fit(scene)
            if folder:
                scene.screenshot(path=picture(Path(folder), route, look), full_page=True)


@pytest.mark.parametrize("scene", ["console/"], indirect=True)
def test_the_first_page_is_light_to_load(scene):
    """Weigh what a browser without a cache fetches, compressed as `manage.py serve` sends it."""
    loaded: list[Response] = []
    scene.on("response", lambda response: loaded.append(response))  # Playwright needs its own
    scene.goto("/console/", wait_until="networkidle")

    sizes = {response.url: len(gzip.compress(response.body())) for response in loaded}

    assert len(sizes) >= 8
    assert sum(sizes.values()) <= FIRST_LOAD, sizes
