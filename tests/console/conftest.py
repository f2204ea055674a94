"""Who looks at the console."""

import pytest

from accounts.models import User

PASSWORD = "correct horse battery staple"


@pytest.fixture
def administrator(db):
    """Return somebody who may see the console."""
    return User.objects.create_superuser("root", PASSWORD)


@pytest.fixture
def console(client, administrator):
    """Return a browser in which the administrator is signed in."""
    client.force_login(administrator)
    return client
