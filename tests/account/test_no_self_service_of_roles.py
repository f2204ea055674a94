"""No page of one's own gives a role or other rights, whatever is sent to it (AL-08, AT-132)."""

import pytest

from tests.account.conftest import PASSWORD
from tests.routes import fill, routes

PATHS = [f"/{fill(route)}" for route, _pattern in routes() if not route.startswith("console/")]


@pytest.mark.parametrize("path", PATHS)
def test_nobody_gives_themselves_rights(client, owner, clerks, path):
    client.force_login(owner)
    rights = {"is_administrator": "on", "administrator": "true", "is_staff": "on"}
    roles = {"roles": "Order clerks", "role": clerks.pk, "members": owner.pk, "scopes": "a"}
    who = {"username": owner.username, "user": owner.pk, "public_id": str(owner.public_id)}

    for method in (client.post, client.put, client.patch):
        method(path, {**rights, **roles, **who, "password": PASSWORD, "given_name": "Ada"})
    client.get(path, {**rights, **roles, **who})

    owner.refresh_from_db()
    assert not owner.roles.exists()
    assert not owner.is_administrator
    clerks.refresh_from_db()
    assert clerks.scopes == {"orders.write"}
