"""
Whoever loses their rights while a click waits for the lock does not carry it out.

Each change that a page can make is tried with rights that end at the moment at which its turn
comes: after the page let it in, before anything is read under the lock.
"""

import ast
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core import mail
from django.utils import timezone

from accounts.models import FederatedLink, Role, User
from applications import secrets
from applications.models import Application, Scope
from connections.models import Connection
from idp.console import changing as module
from idp.console.applications.secrets import fingerprint
from idp.models import AuditEvent, SigningKey
from idp.tokens import signing
from tests.console.connections.conftest import BY_URL, GENERAL, Wizard

# What waits for its turn without changing what administrators set up: drafts, and counts of uses.
OTHERS = {"changing.py", "drafts.py"}


@pytest.fixture
def things(connection, application, clerks, bob, settings):
    """Return what there is to change, by the name that paths call it by."""
    settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}
    settings.EMAIL_FROM = "Agio <agio@id.ours.example>"
    mail.outbox = []
    User.objects.create_superuser("other", "an administrator is left")
    carol = User.objects.create_user("carol", locked_at=timezone.now())
    secrets.rotate_secret(application)
    signing.current_key("ES256")
    signing.current_key("RS256")
    SigningKey.objects.update(created_at=timezone.now() - timedelta(days=1))
    return {
        "connection": connection.pk,
        "certificate": connection.certificates.first().pk,
        "application": application.pk,
        "present": fingerprint(Application.objects.get()),
        "role": clerks.pk,
        "scope": Scope.objects.get().pk,
        "bob": bob.public_id,
        "carol": carol.public_id,
        "kid": SigningKey.objects.get(algorithm="RS256", state="next").kid,
    }


CHANGES = {
    "new user": ("users/new/", {"username": "eve"}),
    "profile": ("users/{bob}/", {"username": "bob", "given_name": "Bobby"}),
    "disable user": ("users/{bob}/disable/", {}),
    "make administrator": ("users/{bob}/make-administrator/", {}),
    "unlock": ("users/{carol}/unlock/", {}),
    "give a role": ("users/{bob}/roles/", {"role": "Order clerks"}),
    "reset": ("users/{bob}/reset/", {}),
    "administrator by name": ("settings/administrators/", {"username": "bob"}),
    "new role": ("roles/new/", {"name": "Mine"}),
    "role": ("roles/{role}/", {"name": "Mine", "scopes": ""}),
    "member": ("roles/{role}/members/", {"username": "bob"}),
    "delete role": ("roles/{role}/danger/", {"action": "delete", "confirmation": "Order clerks"}),
    "new scope": ("scopes/new/", {"name": "mine"}),
    "scope": ("scopes/{scope}/", {"description": "Mine."}),
    "delete scope": ("scopes/{scope}/danger/",
                     {"action": "delete", "confirmation": "orders.write"}),
    "new application": ("applications/new/", {"name": "Mine", "type": "mobile"}),
    "application": ("applications/{application}/", {"name": "Mine"}),
    "disable application": ("applications/{application}/danger/", {"action": "disable"}),
    "secret": ("applications/{application}/secret/add/", {"present": "{present}"}),
    "revoke secret": ("applications/{application}/secret/revoke-former/", {}),
    "connection": ("connections/{connection}/", {"name": "Mine", "issuer": "https://m.example"}),
    "remove certificate": ("connections/{connection}/keys/{certificate}/remove/", {}),
    "delete connection": ("connections/{connection}/danger/",
                          {"action": "delete", "confirmation": "Acme Workforce"}),
    "rotate": ("keys/rotate/", {"algorithm": "ES256"}),
    "withdraw": ("keys/{kid}/withdraw/", {"kid": "{kid}"}),
}  # fmt: skip
LOSSES = {"demoted": {"is_administrator": False}, "disabled": {"is_active": False}}


@pytest.fixture(params=LOSSES)
def lose_rights(request, administrator, monkeypatch):
    """Return a function after which rights end as soon as the turn to write comes."""
    free = module.turn_to_write

    @contextmanager
    def late():
        User.objects.filter(pk=administrator.pk).update(**LOSSES[request.param])
        with free():
            yield

    return lambda: monkeypatch.setattr(module, "turn_to_write", late)


def rows() -> list[object]:
    """Return all that pages of the console can change."""
    models = (User, Role, Scope, Application, Connection, SigningKey, FederatedLink)
    kept = [sorted(map(str, model.objects.exclude(pk=0).values())) for model in models]
    members = sorted(Role.members.through.objects.values_list("role_id", "user_id"))
    return [*kept, members, AuditEvent.objects.count(), Connection.objects.count()]


@pytest.fixture(params=CHANGES)
def click(request, console, things):
    """Return a function that makes a change as its page does."""
    path, data = CHANGES[request.param]
    path = f"/console/{path.format(**things)}"
    form = (console.get(path).context or {}).get("form")
    version = {"version": form.version} if hasattr(form, "version") else {}
    return lambda: console.post(
        path, version | {name: text.format(**things) for name, text in data.items()}
    )


def test_a_click_in_time_is_carried_out(click):
    before = rows()

    assert click().status_code in {200, 302}
    assert rows() != before


def test_a_click_that_waited_too_long_changes_nothing(click, administrator, lose_rights):
    lose_rights()
    before = rows()

    response = click()

    assert response.status_code == 403
    User.objects.filter(pk=administrator.pk).update(is_administrator=True, is_active=True)
    assert rows() == before
    assert not mail.outbox


def test_the_same_holds_for_a_connection_of_the_wizard(console, administrator, lose_rights):
    User.objects.create_superuser("other", "an administrator is left")
    wizard = Wizard(console)
    wizard.send("general", GENERAL)
    wizard.send("keys", BY_URL)
    lose_rights()

    response = console.post(f"{wizard.url}review/", {"enabled": "on", "action": "finish"})

    assert response.status_code == 403
    assert not Connection.objects.exists()


def test_no_page_waits_for_its_turn_in_another_way():
    folder = Path(settings.BASE_DIR, "idp/console")
    waiting = {
        file.name
        for file in folder.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Name) and node.id in {"turn_to_write", "atomic"}
    }

    assert waiting == OTHERS
