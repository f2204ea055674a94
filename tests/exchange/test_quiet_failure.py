"""A refused exchange leaves nothing behind but its record, and asks nobody (TE-30, ST-32)."""

from datetime import timedelta

import pytest
from django.db.models import Model
from django.utils import timezone

from accounts.models import FederatedLink, RemovedLink, User
from connections.models import KeySet, SpentToken
from idp.models import AccessToken, ExchangeRecord, RefreshToken, TokenFamily
from tests import keys
from tests.fixtures import JWT, SECRET, change

WRITTEN: list[type[Model]] = [AccessToken, RefreshToken, TokenFamily, FederatedLink, SpentToken]
KEPT: list[type[Model]] = [*WRITTEN, User, RemovedLink, KeySet]
BOB = {"email": "bob@ours.example", "email_verified": True}


@pytest.fixture
def productive(connection, application, bob):
    """Let a good exchange write everything that an exchange can write."""
    change(
        connection,
        implicit_linking=True,
        primary_lookup="email",
        one_time_tokens=True,
        maximum_token_age=600,
    )
    grants = application.grant_types | {"refresh_token"}
    change(application, grant_types=grants, prioritize_local=True, mandate_local=True)


def counts() -> dict[str, int]:
    """Return how many rows there are of everything that an exchange could write."""
    return {model.__name__: model._default_manager.count() for model in KEPT}


def test_the_exchange_of_these_tests_writes_everything(exchange, productive):
    before = counts()

    assert exchange(subject_token=keys.sign(**BOB)).status_code == 200

    after = counts()
    assert {model.__name__ for model in WRITTEN} == {n for n in after if after[n] != before[n]}


def token(**changes):
    """Return a change of the request: a subject token, signed anew when it is used."""
    return lambda: {"subject_token": keys.sign(**BOB | changes)}


def ago(**of: float) -> int:
    """Return a NumericDate so long ago, or ahead where it is negative."""
    return int((timezone.now() - timedelta(**of)).timestamp())


EVIL = "https://evil.example/keys"
FAILURES = {
    "wrong secret": lambda: {"auth": ("orders", "wrong")},
    "unknown client": lambda: {"auth": ("nobody", SECRET)},
    "no client": lambda: {"auth": None},
    "two methods": lambda: {"client_secret": SECRET},
    "another client id": lambda: {"client_id": "billing"},
    "DPoP": lambda: {"headers": {"HTTP_DPOP": "x"}},
    "no subject token": lambda: {"subject_token": None},
    "no subject token type": lambda: {"subject_token_type": None},
    "unknown subject token type": lambda: {"subject_token_type": "jwt"},
    "unknown requested token type": lambda: {"requested_token_type": "urn:x"},
    "actor token": lambda: {"actor_token": keys.sign(), "actor_token_type": JWT},
    "actor token type alone": lambda: {"actor_token_type": JWT},
    "relative resource": lambda: {"resource": "/api"},
    "malformed scope": lambda: {"scope": 'a"b'},
    "opaque token": lambda: {"subject_token": "opaque"},
    "too long": lambda: {"subject_token": "e" * 16_385},
    "encrypted": lambda: {"subject_token": "a.b.c.d.e"},
    "none": lambda: {"subject_token": keys.compact({"alg": "none"}, keys.claims(), b"x")},
    "crit": token(header={"crit": ["exp"]}),
    "unknown issuer": token(iss="https://evil.example"),
    "issuer with slash": token(iss=keys.ISSUER + "/"),
    "our issuer": token(iss="https://id.ours.example"),
    "algorithm": token(alg="PS256"),
    "signature": token(signed_by="mallory"),
    "signature under a good kid": token(signed_by="mallory", header={"kid": "acme-RS256"}),
    "key in the header": token(signed_by="mallory", header={"jwk": keys.jwk("RS256", "mallory")}),
    "address of keys": token(signed_by="mallory", header={"jku": EVIL, "x5u": EVIL}),
    "another kind": token(header={"typ": "logout+jwt"}),
    "no expiry": token(exp=None),
    "expired": lambda: token(exp=ago(hours=1))(),
    "not yet valid": lambda: token(nbf=ago(minutes=-10))(),
    "issued in the future": lambda: token(iat=ago(minutes=-10))(),
    "too old": lambda: token(iat=ago(minutes=30))(),
    "no subject": token(sub=None),
    "another audience": token(aud="https://other.example"),
    "no audience": token(aud=None),
    "bound to a key": token(cnf={"jkt": "x"}),
    "an actor": token(act={"sub": "admin"}),
    "malformed jti": token(jti=7),
    "nobody's address": token(email="nobody@ours.example"),
    "unverified address": token(email_verified="true"),
    "forbidden target": lambda: token()() | {"audience": "https://other.example"},
    "forbidden scope": lambda: token()() | {"scope": "admin"},
}


@pytest.mark.parametrize("failure", FAILURES)
def test_a_refusal_leaves_one_record_and_nothing_else(failure, exchange, productive, asked):
    before = counts()

    response = exchange(**FAILURES[failure]())

    assert response.status_code in (400, 401)
    assert counts() == before
    assert ExchangeRecord.objects.get().outcome == "refused"
    assert asked == []


@pytest.mark.parametrize("cause", ["disabled", "grant removed", "connection disabled", "locked"])
def test_so_does_a_refusal_for_what_was_switched_off(
    cause, exchange, productive, application, connection, bob
):
    match cause:
        case "disabled":
            change(application, enabled=False)
        case "grant removed":
            change(application, grant_types=frozenset({"refresh_token"}))
        case "connection disabled":
            change(connection, enabled=False)
        case "locked":
            change(bob, locked_at=timezone.now())
    before = counts()

    assert exchange(subject_token=keys.sign(**BOB)).status_code in (400, 401)

    assert counts() == before
    assert ExchangeRecord.objects.get().outcome == "refused"


def test_so_does_a_second_use(exchange, productive):
    used = keys.sign(**BOB, jti="one")
    exchange(subject_token=used)
    before = counts()

    assert exchange(subject_token=used).status_code == 400

    assert counts() == before
    assert ExchangeRecord.objects.count() == 2
