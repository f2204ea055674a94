"""Who looks at the console."""

import pytest
from django.test import Client

from accounts.models import User

PASSWORD = "correct horse battery staple"


@pytest.fixture
def administrator(db: None) -> User:
    """Return somebody who may see the console."""
    return User.objects.create_superuser("root", PASSWORD)


@pytest.fixture
def console(administrator: User) -> Client:
    """Return a browser in which the administrator is signed in."""
    client = Client()
    client.force_login(administrator)
    return client
