"""
Secrets in links by e-mail: for one purpose, for a while, and for an account as it is now.

A letter is void once the password or the address is another one, or the account has begun anew.
"""

import uuid
from datetime import timedelta
from typing import Any

from django.core import signing
from django.utils.crypto import constant_time_compare, salted_hmac

from accounts.models import User

INVITATION, NEW_ADDRESS = "invitation", "new-address"
GOOD_FOR = {INVITATION: timedelta(days=3), NEW_ADDRESS: timedelta(days=1)}


def write(user: User, purpose: str, **content: str) -> str:
    """Return the secret of a letter; what it says is signed, not hidden."""
    letter = {"to": str(user.public_id), "state": _state(user, purpose)} | content
    return signing.dumps(letter, salt=_salt(purpose))


def read(secret: str, purpose: str) -> tuple[User, dict[str, Any]] | None:
    """Return whose letter it is and what it says; None where it is void, too old, or no letter."""
    try:
        letter = signing.loads(secret, salt=_salt(purpose), max_age=GOOD_FOR[purpose])
    except signing.BadSignature:
        return None
    user = User.objects.filter(public_id=uuid.UUID(letter["to"])).first()
    if user is None or not user.is_usable:
        return None
    if not constant_time_compare(letter["state"], _state(user, purpose)):
        return None
    return user, letter


def _salt(purpose: str) -> str:
    return f"accounts.letters.{purpose}"


def _state(user: User, purpose: str) -> str:
    state = "\0".join([user.password, user.email, str(user.epoch)])
    return salted_hmac(_salt(purpose), state, algorithm="sha256").hexdigest()[:32]
