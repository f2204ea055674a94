"""
The cast: a trusted issuer, an application, a few people, and a request that succeeds.

alice is linked; bob has an account and no link; carol and dave have addresses that look alike;
mallory signs with her own key (`keys.sign(signed_by="mallory")`).
"""

import base64
import logging
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any
from urllib.parse import urlencode

import pytest
from django.core.cache import cache
from django.db import transaction
from django.db.backends.base.operations import BaseDatabaseOperations
from django.db.models import Model
from django.http import HttpResponse
from django.test import Client

from accounts.models import FederatedLink, Role, User
from applications import grant_types, secrets
from applications.models import Application, Scope
from connections import certificates
from connections.models import Certificate, Connection
from idp import throttle
from idp.tokens import signing
from tests import keys
from tests.leaks import Recorder, Watch

FORM = "application/x-www-form-urlencoded"
JWT = "urn:ietf:params:oauth:token-type:jwt"
SECRET = "agio_" + "s3cret-" * 6 + "0"  # always the same: xdist compares the names of tests
TARGET = "https://orders.ours.example"

type Post = Callable[..., HttpResponse]


@pytest.fixture(autouse=True)
def fresh_memory() -> Iterator[None]:
    """Forget what the process remembers of the test before: its database is gone."""
    signing.forget_cached_keys()
    cache.clear()
    throttle.DATABASE.forget()
    yield
    signing.forget_cached_keys()
    throttle.DATABASE.forget()


@pytest.fixture(autouse=True, scope="session")
def tests_may_empty_the_audit_log() -> Iterator[None]:
    """Take the triggers away for as long as a test that commits is cleaned up after."""
    triggers = import_module("idp.migrations.0002_audit_event")
    empty = BaseDatabaseOperations.execute_sql_flush

    def run(operations: BaseDatabaseOperations, statements: list[str]) -> None:
        vendor = operations.connection.vendor
        with transaction.atomic(), operations.connection.cursor() as cursor:
            for statement in triggers.REMOVE[vendor]:
                cursor.execute(statement)
            empty(operations, statements)
            for statement in triggers.ADD[vendor]:
                cursor.execute(statement)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BaseDatabaseOperations, "execute_sql_flush", run)
        yield


JUDGED: set[type[Model]] = set()


def judge_once(instance: Model) -> None:
    """Check somebody of the cast as a form would, once: it is the same in each test, and slow."""
    if type(instance) not in JUDGED:
        instance.full_clean()
        JUDGED.add(type(instance))


@pytest.fixture
def connection(db: None) -> Connection:
    """Return a trusted issuer whose keys are uploaded certificates."""
    connection = Connection(
        name="Acme Workforce",
        issuer=keys.ISSUER,
        key_source=Connection.KeySource.CERTIFICATES,
        algorithms=frozenset({"RS256", "ES256"}),
    )
    judge_once(connection)
    connection.save()
    for alg in ("RS256", "ES256"):
        add_certificate(connection, keys.certificate(alg))
    return connection


def add_certificate(connection: Connection, pem: str) -> Certificate:
    """Give a connection a certificate."""
    (parsed,) = certificates.parse(pem.encode())
    return Certificate.objects.create(
        connection=connection,
        pem=parsed.pem,
        fingerprint=parsed.fingerprint,
        subject=parsed.subject,
        issuer_name=parsed.issuer_name,
        serial_number=parsed.serial_number,
        key_description=parsed.key_description,
        not_before=parsed.not_before,
        not_after=parsed.not_after,
    )


@pytest.fixture
def application(db: None) -> Application:
    """Return a confidential application that may exchange tokens of every connection."""
    application = Application(
        name="Orders",
        client_id="orders",
        type=Application.Type.TRADITIONAL_WEB,
        grant_types=frozenset({grant_types.TOKEN_EXCHANGE}),
        connection_choice=Application.ConnectionChoice.ALL,
        scopes=frozenset({"orders.read", "orders.write"}),
        audiences=frozenset({TARGET, "https://billing.ours.example"}),
        secret_digest=secrets.digest(SECRET),
    )
    judge_once(application)
    application.save()
    return application


def person(username: str, password: str | None = None, **fields: Any) -> User:
    """Save a person as `create_user` does, without asking the database what it holds anyway."""
    user = User(username=username, **fields)
    user.set_password(password)
    user.full_clean(exclude=["password"], validate_unique=False, validate_constraints=False)
    user.save()
    return user


@pytest.fixture
def alice(connection: Connection) -> User:
    """Return somebody who is linked to the subject of the default token."""
    user = person("alice", email="alice@ours.example", email_verified=True, given_name="Alice")
    FederatedLink.objects.create(
        connection=connection,
        subject=keys.SUBJECT,
        user=user,
        origin=FederatedLink.Origin.CONFIGURED,
    )
    return user


@pytest.fixture
def bob(db: None) -> User:
    """Return somebody with a verified address and number, and no link."""
    return person(
        "bob",
        email="bob@ours.example",
        email_verified=True,
        mobile="+4930123456",
        mobile_verified=True,
    )


@pytest.fixture
def clerks(db: None) -> Role:
    """Return a role without members, for the scope `orders.write`, which needs one."""
    Scope.objects.create(name="orders.write", description="Change orders.", needs_role=True)
    return Role.objects.create(name="Order clerks", scopes=frozenset({"orders.write"}))


@pytest.fixture
def watch(db: None) -> Iterator[Watch]:
    """Look for the test's secrets at its end, in every table and every line of the log."""
    watch = Watch()
    recorder = Recorder(watch)
    logging.getLogger().addHandler(recorder)
    yield watch
    logging.getLogger().removeHandler(recorder)
    assert watch.leaks() == []


@pytest.fixture
def post(client: Client, watch: Watch) -> Post:
    """
    Return a function that posts a form as the application does.

    `data` maps names to values, to lists for repeated parameters, to None for absent ones. `auth`
    is a (client ID, secret) pair for Basic, or None for none; more keywords are request headers.
    """

    def send(
        path: str,
        data: dict[str, Any],
        *,
        auth: tuple[str, str] | None = ("orders", SECRET),
        **headers: str,
    ) -> HttpResponse:
        present = {name: value for name, value in data.items() if value is not None}
        if auth:
            headers.setdefault("HTTP_AUTHORIZATION", basic(*auth))
        for name, value in [*present.items(), ("client_secret", auth[1] if auth else None)]:
            watch.note(name, value)
        response = client.post(path, urlencode(present, doseq=True), FORM, **headers)
        watch.note_answer(response.content)
        return response

    return send


@pytest.fixture
def exchange(post: Post, connection: Connection, application: Application) -> Post:
    """Return a function that posts an exchange that succeeds, changed by its keywords."""

    def send(
        *,
        auth: tuple[str, str] | None = ("orders", SECRET),
        headers: dict[str, str] | None = None,
        **changes: Any,
    ) -> HttpResponse:
        good = {
            "grant_type": grant_types.TOKEN_EXCHANGE,
            "subject_token": keys.sign() if "subject_token" not in changes else None,
            "subject_token_type": JWT,
        }
        return post("/oauth2/token", good | changes, auth=auth, **(headers or {}))

    return send


def basic(client_id: str, secret: str) -> str:
    """Return an Authorization header (RFC 7617)."""
    return "Basic " + base64.b64encode(f"{client_id}:{secret}".encode()).decode()


def change(instance: Any, **fields: Any) -> None:
    """Change fields of a row that the test holds, checked as a form would."""
    for name, value in fields.items():
        setattr(instance, name, value)
    instance.full_clean(validate_constraints=False)  # the database does
    instance.save()
