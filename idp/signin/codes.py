"""A code of an authenticator app is good once, whichever worker saw it first (RFC 6238 5.2)."""

import hashlib
import time

from allauth.mfa.models import Authenticator
from django.db import transaction

from idp.writing import turn_to_write

REMEMBERED = 120  # seconds: longer than any code is accepted
SPENT = "spent"  # in the authenticator's data: digest of a code, and when


def spend(authenticator: Authenticator, code: str) -> bool:
    """Use up a code; say whether this was its first use. Recovery codes see to that themselves."""
    if authenticator.type != Authenticator.Type.TOTP:
        return True
    digest, now = hashlib.sha256(code.strip().encode()).hexdigest()[:16], time.time()
    with turn_to_write(), transaction.atomic():
        row = Authenticator.objects.select_for_update().get(pk=authenticator.pk)
        spent = {
            known: at for known, at in row.data.get(SPENT, {}).items() if now - at < REMEMBERED
        }
        if digest in spent:
            return False
        row.data = row.data | {SPENT: spent | {digest: now}}
        row.save(update_fields=["data"])
    return True
