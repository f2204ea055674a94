"""How and when somebody signed in, as ID tokens say it (OpenID Connect Core 2, RFC 8176)."""

from typing import Any

from allauth.account.authentication import get_authentication_records
from django.http import HttpRequest

from idp.account.reauthentication import PROVED_AT

NAMES = {"totp": "otp", "webauthn": "hwk", "recovery_codes": "otp"}


def context(request: HttpRequest) -> dict[str, Any]:
    """Return `auth_time`, and `amr` where it is known."""
    records = get_authentication_records(request, request.user)
    methods = {_name(record) for record in records} - {""}
    if len(methods) > 1:
        methods.add("mfa")
    found: dict[str, Any] = {"auth_time": int(request.session.get(PROVED_AT, 0))}
    return found | ({"amr": sorted(methods)} if methods else {})


def _name(record: dict[str, Any]) -> str:
    if record.get("method") == "password":
        return "pwd"
    return NAMES.get(str(record.get("type")), "")
