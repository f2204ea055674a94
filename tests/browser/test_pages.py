"""Every page of the console in every look: whole, readable, within its window. And its picture."""

import gzip
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, Response

from accounts.models import Role, User
from applications.models import Application, Scope
from connections.models import Connection
from idp.models import AuditEvent, ExchangeRecord, SigningKey
from tests.browser import scenery
from tests.browser.conftest import sign_in
from tests.browser.pages import LOOKS, assert_accessible, assert_no_sideways_scroll, show
from tests.routes import fill, routes

FIRST_LOAD = 250_000  # bytes on the wire, fonts included
# What is sent and not looked at, and what other tests walk through.
NO_PAGES = re.compile(r"tools/|setup/.|/export|/created/|/secret/$")

KEYS: dict[str, Callable[[], object]] = {
    "connections": lambda: Connection.objects.get(name="Contoso workforce").pk,
    "applications": lambda: Application.objects.get(name="Orders").pk,
    "roles": lambda: Role.objects.get(name="Order clerks").pk,
    "scopes": lambda: Scope.objects.get(name="orders.write").pk,
    "users": lambda: User.objects.get(username="ada").public_id,
    "exchanges": lambda: ExchangeRecord.objects.filter(reason="audience.not-us").first().pk,
    "keys": lambda: SigningKey.objects.get(algorithm="ES256", state="current").kid,
    "audit": lambda: AuditEvent.objects.first().pk,
}
ROUTES = [route for route, _pattern in routes() if route.startswith("console/")]


def address(route: str) -> str:
    """Return where a page is, with something of the scenery in the place of a key."""
    kind = route.split("/")[1]
    return "/" + fill(route, lambda _converter: KEYS[kind]())


def picture(folder: Path, route: str, look: str) -> Path:
    """Return the file in which a picture belongs."""
    name = fill(route.removeprefix("console/"), lambda _converter: "one").strip("/")
    name = name.replace("/", "-") or "overview"
    return folder / f"{name}-{look}.png"


@pytest.fixture
def scene(page: Page, transactional_db: None, plain_http: None, settings, pytestconfig) -> Page:
    """Return a browser of the administrator of a server that has been in use for a while."""
    busyness = 1 if pytestconfig.getoption("pictures") else 0.1
    sign_in(page.context, scenery.build(busyness=busyness), settings)
    return page


@pytest.mark.parametrize("route", [r for r in ROUTES if not NO_PAGES.search(r)])
def test_a_page_is_good_in_every_look(scene, route, pytestconfig):
    asked = scene.request.get(address(route), max_redirects=0)
    if asked.status == 405 or asked.headers.get("location", "/sign-in").startswith("/console/"):
        return  # a button's address; what it does is tested where the button is
    response = scene.goto(address(route))
    folder = pytestconfig.getoption("pictures")

    assert (response.status, response.request.redirected_from) == (200, None)
    assert scene.locator("h1").count() == 1
    assert re.search(r".+ · Agio$", scene.title())
    for look in LOOKS:
        show(scene, look)
        assert_accessible(scene, look)
        assert_no_sideways_scroll(scene)
        if folder:
            scene.screenshot(path=picture(Path(folder), route, look), full_page=True)


def test_the_first_page_is_light_to_load(scene):
    """Weigh what a browser without a cache fetches, compressed as `manage.py serve` sends it."""
    loaded: list[Response] = []
    scene.on("response", lambda response: loaded.append(response))  # Playwright needs its own
    scene.goto("/console/", wait_until="networkidle")

    sizes = {response.url: len(gzip.compress(response.body())) for response in loaded}

    assert len(sizes) >= 8
    assert sum(sizes.values()) <= FIRST_LOAD, sizes
