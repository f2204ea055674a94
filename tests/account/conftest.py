"""Who looks at their own account."""

import pytest
from django.test import Client

from accounts.models import User
from tests.fixtures import person

PASSWORD = "correct horse battery staple"


@pytest.fixture
def owner(db: None) -> User:
    """Return somebody with an account, and no rights beyond it."""
    return person("ada", PASSWORD, email="ada@ours.example")


@pytest.fixture
def browser(owner: User) -> Client:
    """Return a browser in which the owner is signed in."""
    client = Client()
    client.force_login(owner)
    return client
