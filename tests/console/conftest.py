"""Who looks at the console."""

from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from accounts.models import User
from tests.fixtures import person

PASSWORD = "correct horse battery staple"


@pytest.fixture
def administrator(db: None) -> User:
    """Return somebody who may see the console."""
    return person("root", PASSWORD, is_administrator=True)


def save(console: Client, path: str, sent: dict[str, Any], **how: Any) -> HttpResponse:
    """Send a form over what its page shows at this moment."""
    version = console.get(path).context["form"].version
    return console.post(path, {"version": version} | sent, **how)


@pytest.fixture
def console(administrator: User) -> Client:
    """Return a browser in which the administrator is signed in."""
    client = Client()
    client.force_login(administrator)
    return client
