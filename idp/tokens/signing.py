"""
Our own signing keys: made on first use, published before and after they sign, rotated, withdrawn.

Every worker keeps the keys for half a second, so that a key that was rotated or withdrawn is
known everywhere within one.
"""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from jwt.algorithms import get_default_algorithms

from connections import base64url
from connections.keys import from_public_key, thumbprint, to_public_jwk
from idp.audit import Actor, record
from idp.models import SigningKey
from idp.tokens import vault

GENERATORS = {
    "RS256": lambda: rsa.generate_private_key(65537, 2048),
    "ES256": lambda: ec.generate_private_key(ec.SECP256R1()),
    "EdDSA": ed25519.Ed25519PrivateKey.generate,
}
DEFAULT_ALGORITHMS = ("RS256", "ES256")

OURSELVES = Actor.command("Agio")  # nobody asks for the first keys

KNOWN_FOR = 0.5  # seconds
# Verifiers keep what they read for minutes: a key that signs sooner is unknown to some of them.
PUBLISHED_BEFORE_SIGNING = timedelta(minutes=10)
# A retired key stays published until the longest-lived token it signed has expired.
PUBLISHED_AFTER_RETIREMENT = timedelta(days=1, minutes=10)

State = SigningKey.State


class TooSoon(Exception):
    """The next key has not been published for long enough to sign."""


@dataclass(frozen=True, slots=True)
class CurrentKey:
    """A private key, ready to sign."""

    kid: str
    algorithm: str
    private_key: Any


_SIGNATURES = get_default_algorithms()
_to_json = json.JSONEncoder(separators=(",", ":")).encode

_current: dict[str, tuple[float, CurrentKey]] = {}
_private_keys: dict[str, Any] = {}


def sign(claims: Mapping[str, Any], *, algorithm: str, typ: str) -> tuple[str, str]:
    """Return a JWT of the given `typ` over the claims, and the `kid` of the key that signed it."""
    key = current_key(algorithm)
    payload = base64url.encode(_to_json(dict(claims)).encode())
    signing_input = f"{_header(algorithm, typ, key.kid)}.{payload}"
    signature = _SIGNATURES[algorithm].sign(signing_input.encode(), key.private_key)
    return f"{signing_input}.{base64url.encode(signature)}", key.kid


@lru_cache(maxsize=64)
def _header(algorithm: str, typ: str, kid: str) -> str:
    """Return the first part of a JWS (RFC 7515 3.1): the same for all that a key signs."""
    return base64url.encode(_to_json({"alg": algorithm, "typ": typ, "kid": kid}).encode())


def current_key(algorithm: str) -> CurrentKey:
    """Return the key that signs now, making it where there is none."""
    now = time.monotonic()
    cached = _current.get(algorithm)
    if cached and now - cached[0] < KNOWN_FOR:
        return cached[1]
    row = _current_row(algorithm) or _first_row(algorithm)
    if row.kid not in _private_keys:
        pem = vault.unseal(row.encrypted_private_key)
        _private_keys[row.kid] = serialization.load_pem_private_key(pem, password=None)
    key = CurrentKey(row.kid, algorithm, _private_keys[row.kid])
    _current[algorithm] = (now, key)
    return key


def forget_cached_keys() -> None:
    """Read the keys from the database at their next use."""
    _current.clear()


def published_keys() -> list[dict[str, Any]]:
    """Return the public JWKs of every key that signs, will sign, or signed a token still alive."""
    for algorithm in DEFAULT_ALGORITHMS:
        current_key(algorithm)
    since = timezone.now() - PUBLISHED_AFTER_RETIREMENT
    alive = Q(state__in=[State.NEXT, State.CURRENT]) | Q(state=State.RETIRED, retired_at__gt=since)
    return [key.public_jwk for key in SigningKey.objects.filter(alive)]


def algorithms_in_use() -> list[str]:
    """Return the algorithms that have a key, and those that always will."""
    made = SigningKey.objects.filter(state=State.CURRENT).values_list("algorithm", flat=True)
    return sorted({*DEFAULT_ALGORITHMS, *made})


def rotate(algorithm: str, *, actor: Actor) -> SigningKey:
    """
    Let the next key sign, retire the current one, and make a new next one.

    The key that signs from now on has been published before; the retired one stays published until
    the last token it signed has expired. Returns the key that is current now.

    :raises TooSoon: where verifiers may not know the next key yet
    """
    current_key(algorithm)
    now = timezone.now()
    with transaction.atomic():
        keys = SigningKey.objects.filter(algorithm=algorithm)
        list(keys.select_for_update())  # two rotations at once: the second one comes too soon
        since = now - PUBLISHED_BEFORE_SIGNING
        if keys.filter(state=State.NEXT, created_at__gt=since).exists():
            raise TooSoon(
                f"{algorithm}: the next key is too new, and verifiers may not know it yet. Try "
                "again in ten minutes. To end a key that somebody else may know, withdraw it."
            )
        before = _roles(algorithm)
        keys.filter(state=State.CURRENT).update(state=State.RETIRED, retired_at=now)
        key = _promote(algorithm)
        after = _roles(algorithm)
        record("signing-key.rotated", key, before=before, after=after, actor=actor)
    forget_cached_keys()
    return key


def withdraw(kid: str, *, actor: Actor) -> SigningKey:
    """
    End a key at once: it is no longer published, and no token it signed is active any more.

    One that was withdrawn before stays as it is, with its date.

    :raises SigningKey.DoesNotExist: for an unknown kid
    """
    with transaction.atomic():
        key = SigningKey.objects.select_for_update().get(kid=kid)
        if key.state == State.WITHDRAWN:  # sent twice
            return key
        before = _roles(key.algorithm) | {"state": key.state}
        former_state, key.state, key.retired_at = key.state, State.WITHDRAWN, timezone.now()
        key.save(update_fields=["state", "retired_at"])
        if former_state == State.CURRENT:
            _promote(key.algorithm)
        elif former_state == State.NEXT:
            _make(key.algorithm, State.NEXT)
        after = _roles(key.algorithm) | {"state": key.state}
        record("signing-key.withdrawn", key, before=before, after=after, actor=actor)
    forget_cached_keys()
    return key


def _promote(algorithm: str) -> SigningKey:
    """Let the next key sign, and make a new next one."""
    key = SigningKey.objects.filter(algorithm=algorithm, state=State.NEXT).first()
    if key is None:
        key = _make(algorithm, State.CURRENT)
    else:
        key.state, key.activated_at = State.CURRENT, timezone.now()
        key.save(update_fields=["state", "activated_at"])
    _make(algorithm, State.NEXT)
    return key


def _roles(algorithm: str) -> dict[str, str]:
    """Return which keys of the algorithm sign now and next."""
    keys = SigningKey.objects.filter(algorithm=algorithm, state__in=[State.CURRENT, State.NEXT])
    return dict(keys.values_list("state", "kid"))


def _current_row(algorithm: str) -> SigningKey | None:
    return SigningKey.objects.filter(algorithm=algorithm, state=State.CURRENT).first()


def _first_row(algorithm: str) -> SigningKey:
    """Make the first keys; where another worker was quicker, take its."""
    try:
        with transaction.atomic():
            if not SigningKey.objects.filter(algorithm=algorithm, state=State.NEXT).exists():
                _make(algorithm, State.NEXT)
            key = _make(algorithm, State.CURRENT)
            after = _roles(algorithm)
            record("signing-key.created", key, before={}, after=after, actor=OURSELVES)
            return key
    except IntegrityError:
        return SigningKey.objects.get(algorithm=algorithm, state=State.CURRENT)


def _make(algorithm: str, state: SigningKey.State) -> SigningKey:
    private_key, kid = _generate(algorithm)
    jwk = to_public_jwk(from_public_key(private_key.public_key()))
    jwk |= {"kid": kid, "alg": algorithm, "use": "sig"}
    pem = private_key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return SigningKey.objects.create(
        kid=kid,
        algorithm=algorithm,
        state=state,
        public_jwk=jwk,
        encrypted_private_key=vault.seal(pem),
        activated_at=timezone.now() if state == State.CURRENT else None,
    )


def _generate(algorithm: str) -> tuple[Any, str]:
    """Return a new private key and its kid: the thumbprint of the public one (RFC 7638)."""
    while True:
        private_key = GENERATORS[algorithm]()
        kid = thumbprint(from_public_key(private_key.public_key()))
        if not kid.startswith("-"):  # or commands would take it for an option
            return private_key, kid
