"""A server that has been in use for a while: what screenshots and page tests look at."""

import math
import random
from datetime import datetime, timedelta

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.db import transaction
from django.utils import timezone

from accounts.models import FederatedLink, RemovedLink, Role, User
from applications import grant_types, secrets
from applications.models import Application, Scope
from connections import sign_in
from connections.certificates import parse
from connections.models import Connection, KeySet
from connections.trusted_keys import add_certificates
from idp import audit
from idp.models import Consent, ExchangeRecord, LinkLimit, LinkUse
from idp.tokens import signing
from tests import keys

PASSWORD = "correct horse battery staple"
PEOPLE = [
    ("ada", "Ada", "Lovelace"),
    ("alan", "Alan", "Turing"),
    ("barbara", "Barbara", "Liskov"),
    ("edsger", "Edsger", "Dijkstra"),
    ("grace", "Grace", "Hopper"),
    ("katherine", "Katherine", "Johnson"),
    ("margaret", "Margaret", "Hamilton"),
    ("tim", "Tim", "Berners-Lee"),
]
CONNECTIONS = [
    ("Contoso workforce", "https://login.contoso.example", True, ""),
    ("Fabrikam partners", "https://idp.fabrikam.example/oauth2/token", True, ""),
    ("GitHub Actions", "https://token.actions.example", True, ""),
    ("Legacy mobile backend", "https://auth.mobile.example", True, "The issuer did not answer."),
    ("Staging sandbox", "https://staging.login.example", False, ""),
]
APPLICATIONS = [
    ("Orders", "orders", Application.Type.TRADITIONAL_WEB, True),
    ("Payroll", "payroll", Application.Type.STANDARD, True),
    ("Nightly reports", "reports", Application.Type.MACHINE, True),
    ("Warehouse scanner", "warehouse", Application.Type.TRADITIONAL_WEB, False),
]
SCOPES = [
    ("orders.purge", "Delete orders for good.", True),
    ("orders.read", "See orders and their state.", False),
    ("orders.write", "Take, change and cancel orders.", True),
    ("payslips.read", "See payslips of everybody.", True),
]
ROLES = [
    ("Order clerks", "They take orders by telephone.", {"orders.read", "orders.write"}),
    ("Payroll", "Human resources, Vienna.", {"payslips.read"}),
]
REASONS = [
    ("signature.invalid", "invalid_request", "The signature does not verify.", "", ""),
    ("audience.not-us", "invalid_request", "The subject_token is not meant for this server.",
     "https://billing.contoso.example", "https://id.ours.example"),
    ("time.expired", "invalid_request", "The subject_token has expired.", "", ""),
    ("account.unlinked", "invalid_request", "No local account is linked.", "", ""),
    ("scope.needs-role", "invalid_scope", "The scope is more than this application may ask for.",
     "orders.write", "one of the roles: Order clerks"),
]  # fmt: skip


def build(now: datetime | None = None, *, busyness: float = 1) -> User:
    """Fill an empty database, the same way each time, and return its administrator."""
    now = now or timezone.now()
    chance = random.Random(1)  # noqa: S311 - the same pictures each time
    administrator = User.objects.create_superuser("root", PASSWORD, email="root@ours.example")
    people = [
        User.objects.create_user(name, given_name=given, family_name=family,
                                 email=f"{name}@ours.example", email_verified=True)
        for name, given, family in PEOPLE
    ]  # fmt: skip
    connections = [_connection(*entry, now=now) for entry in CONNECTIONS]
    _let_people_link(connections[0])
    applications = [_application(*entry) for entry in APPLICATIONS]
    for number, person in enumerate(people[:5]):
        FederatedLink.objects.create(
            connection=connections[number % 2], subject=f"a1b2c3d4-{number:04}", user=person,
            origin=FederatedLink.Origin.IMPLICIT, matched_by="email",
            last_used_at=now - timedelta(minutes=7 * number),
        )  # fmt: skip
    _what_ada_has(people[0], connections, applications, now)
    _roles(people)
    _records(chance, now, connections, applications, people, busyness)
    signing.current_key("ES256")
    _changes(administrator, [*connections, *applications])
    return administrator


def _what_ada_has(
    ada: User, connections: list[Connection], applications: list[Application], now: datetime
) -> None:
    """Let ada have a second factor, links in several states, and something she agreed to."""
    TOTP.activate(ada, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    RecoveryCodes.activate(ada)
    Consent.objects.create(user=ada, application=applications[0], scope="openid email profile")
    used = FederatedLink.objects.get(user=ada)
    for application in applications[:2]:
        LinkUse.objects.create(
            link=used, application=application, first_used_at=now, last_used_at=now
        )
    FederatedLink.objects.create(
        connection=connections[1], subject="ada@fabrikam.example", user=ada, paused_at=now,
        origin=FederatedLink.Origin.OWNER,
    )  # fmt: skip
    limited = FederatedLink.objects.create(
        connection=connections[0], subject="a.lovelace", user=ada, is_limited=True,
        expires_at=now + timedelta(days=20), origin=FederatedLink.Origin.CONFIGURED,
    )  # fmt: skip
    LinkLimit.objects.create(link=limited, application=applications[1])
    RemovedLink.objects.create(user=ada, connection=connections[1], subject="old-account")


def _connection(
    name: str, issuer: str, enabled: bool, failure: str, *, now: datetime
) -> Connection:
    connection = Connection.objects.create(
        name=name, issuer=issuer, enabled=enabled, jwks_uri=f"{issuer}/jwks.json"
    )
    if "partners" in name:
        connection.key_source = Connection.KeySource.CERTIFICATES
        connection.save()
        pem = keys.certificate(ends=timedelta(days=19, hours=1))
        add_certificates(connection, parse(pem.encode()))
    KeySet.objects.create(
        owner=connection, jwks_uri=connection.jwks_uri, failure=failure,
        keys=[] if failure else keys.jwks("RS256", "ES256")["keys"],
        fetched_at=None if failure else now - timedelta(minutes=4),
        attempted_at=now - timedelta(minutes=4), finished_at=now - timedelta(minutes=4),
    )  # fmt: skip
    return connection


def _application(name: str, client_id: str, kind: str, enabled: bool) -> Application:
    application = Application.objects.create(
        name=name, client_id=client_id, type=kind, enabled=enabled,
        grant_types={grant_types.TOKEN_EXCHANGE, grant_types.REFRESH_TOKEN},
        connection_choice=Application.ConnectionChoice.ALL, prioritize_local=True,
        attributes={"email", "given_name"}, scopes={"orders.read"},
        audiences={"https://orders.ours.example"},
    )  # fmt: skip
    secrets.rotate_secret(application)
    return application


def _roles(people: list[User]) -> None:
    """Let some scopes need a role, and some people have one."""
    for name, description, needs_role in SCOPES:
        Scope.objects.create(name=name, description=description, needs_role=needs_role)
    for name, description, scopes in ROLES:
        role = Role.objects.create(name=name, description=description, scopes=frozenset(scopes))
        role.members.add(*people[: len(name) // 3])


def _records(
    chance: random.Random,
    now: datetime,
    connections: list[Connection],
    applications: list[Application],
    people: list[User],
    busyness: float,
) -> None:
    records = []
    for hour in range(24):
        busy = 20 + 70 * math.sin(math.pi * hour / 24) ** 2
        for _number in range(int(busy * chance.uniform(0.8, 1.2) * busyness)):
            at = now - timedelta(hours=23 - hour, seconds=chance.randrange(3600))
            record = ExchangeRecord(
                at=min(at, now), outcome=ExchangeRecord.Outcome.GRANTED,
                application=chance.choice(applications[:3]),
                connection=chance.choice(connections[:3]),
                subject=f"a1b2c3d4-{chance.randrange(40):04}", identity="federated",
                remote_address="203.0.113.40",
            )  # fmt: skip
            record.client_id, record.issuer = record.application.client_id, record.connection.issuer
            if chance.random() < 0.06:
                record.outcome = ExchangeRecord.Outcome.REFUSED
                (record.reason, record.error, record.description, record.found, record.wanted) = (
                    chance.choice(REASONS)
                )
            else:
                record.user = chance.choice([None, *people])
                linked = "new-link" if chance.random() < 0.05 else "linked"
                record.identity = linked if record.user else "federated"
            records.append(record)
    ExchangeRecord.objects.bulk_create(records)


def _let_people_link(connection: Connection) -> None:
    connection.link_by_sign_in = connection.link_by_token = True
    connection.client_id = "agio"
    connection.sealed_client_secret = sign_in.seal("between us")
    connection.authorization_endpoint = f"{connection.issuer}/authorize"
    connection.token_endpoint = f"{connection.issuer}/token"
    connection.full_clean()
    connection.save()


def _changes(administrator: User, things: list[Connection | Application]) -> None:
    """Let the audit log say who set all this up."""
    actor = audit.Actor(administrator.username, str(administrator.public_id), "203.0.113.7")
    with transaction.atomic():
        for thing in things:
            after = audit.describe(thing)
            audit.record_changes(thing, before={}, after=after, actor=actor)
        before = audit.describe(things[0])
        after = before | {"clock_skew": 60, "one_time_tokens": True}
        audit.record_changes(things[0], before=before, after=after, actor=actor)
