"""Debian's Chromium, Agio as it calls it, and an administrator; `watch` says what must not be."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Response

from accounts.models import User
from tests.fixtures import person

PASSWORD = "correct horse battery staple"
# The first is the same without what needs a screen, and a quarter lighter.
CHROMIUM = ("chromium-headless-shell", "chromium")
# What a page needs besides what was asked for; a refusal of that is part of a test.
PARTS = {"font", "image", "script", "stylesheet"}
TELL_VIOLATIONS = """
addEventListener("securitypolicyviolation", violation => console.error(
  `Content-Security-Policy: ${violation.violatedDirective} refused ${violation.blockedURI}`));
"""


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put these tests last, so that no other runs beside Playwright's event loop."""
    items.sort(key=lambda item: item.path.is_relative_to(Path(__file__).parent))


@pytest.fixture(scope="session", autouse=True)
def event_loop_beside_the_database(django_db_setup: None) -> Iterator[None]:
    """Let tests use the database, though Playwright's event loop waits in the same thread."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        yield


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Take the Chromium of the system; to have none is a failure where all is required."""
    chromium = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if chromium is None:
        stop = pytest.fail if os.environ.get("AGIO_REQUIRE_ALL") == "1" else pytest.skip
        stop("Chromium is not installed (Debian: chromium-headless-shell, or chromium).")
    arguments = ["--disable-dev-shm-usage"]
    if os.geteuid() == 0:
        arguments.append("--no-sandbox")  # with it, Chromium does not start as root
    return browser_type_launch_args | {"executable_path": chromium, "args": arguments}


@pytest.fixture(scope="session")
def base_url(live_server) -> str:
    """Let paths lead to our server."""
    return live_server.url


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """Let nothing move while it is looked at."""
    return browser_context_args | {"reduced_motion": "reduce"}


@pytest.fixture(autouse=True)
def plain_http(settings, live_server) -> None:
    """Make the server that listens here the issuer: it has no certificate."""
    settings.ISSUER = live_server.url
    settings.IS_HTTPS = settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = False


def watch(context: BrowserContext, faults: list[str]) -> None:
    """Note what the policy refused, each error on the console, and each part that is missing."""

    def hear(message: ConsoleMessage) -> None:
        # A status that the test asked for, such as 409: whether it is right, the test says.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            faults.append(message.text)

    def see(response: Response) -> None:
        if response.request.resource_type in PARTS and not response.ok and response.status != 304:
            faults.append(f"{response.status} {response.url}")

    context.add_init_script(TELL_VIOLATIONS)
    context.on("console", hear)
    context.on("response", see)
    context.on("weberror", lambda error: faults.append(str(error.error)))


@pytest.fixture
def faults() -> list[str]:
    """Return what went wrong in the browser, which fails the test unless the test clears it."""
    return []


@pytest.fixture
def new_context(
    new_context: Callable[..., BrowserContext], faults: list[str]
) -> Iterator[Callable[..., BrowserContext]]:
    """Watch every context that a test opens, `page`'s too."""
    contexts: list[BrowserContext] = []

    def watched(**arguments: Any) -> BrowserContext:
        contexts.append(new_context(**arguments))
        watch(contexts[-1], faults)
        return contexts[-1]

    yield watched
    for page in [page for context in contexts for page in context.pages]:
        page.evaluate("null")  # what it said before arrives before the answer
    assert not faults, "\n".join(["The browser complained:", *faults])


@pytest.fixture
def administrator(transactional_db: None) -> User:
    """Return somebody who may see the console."""
    return person("root", PASSWORD, is_administrator=True)


def sign_in(context: BrowserContext, user: User, settings: Any) -> None:
    """Give a browser the session of somebody who has signed in."""
    client = Client()
    client.force_login(user)
    name = settings.SESSION_COOKIE_NAME
    cookie = {"name": name, "value": client.cookies[name].value, "url": settings.ISSUER}
    context.add_cookies([cookie])


@pytest.fixture
def console(page: Page, administrator: User, plain_http: None, settings) -> Page:
    """Return a page of the administrator, signed in."""
    sign_in(page.context, administrator, settings)
    return page
