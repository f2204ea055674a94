"""What is in an access token (RFC 9068 2.2), and nothing else."""

import secrets
from collections.abc import Collection, Mapping
from typing import Any

from django.conf import settings

from accounts.models import Role, User
from applications.attributes import LOCAL_ONLY
from applications.models import Application
from connections.prepared import Listing

MAXIMUM_TEXT = 1000  # characters of one profile attribute

BOOLEAN_ATTRIBUTES = frozenset({"email_verified", "phone_number_verified"})

_roles = Listing(lambda user: Role.objects.filter(members=user).order_by().values_list("name"))


def access_token_claims(
    identity: Mapping[str, Any],
    application: Application,
    *,
    audience: list[str],
    scopes: Collection[str],
    now: float,
    lifetime: int,
) -> dict[str, Any]:
    """
    Return the claims of an access token that lives for `lifetime` seconds.

    `identity` is whom it is for: `sub` and what belongs to it, from one of the functions below.
    """
    issued_at = int(now)
    claims = {
        "iss": settings.ISSUER,
        "exp": issued_at + lifetime,
        "iat": issued_at,
        "jti": secrets.token_urlsafe(18),
        "client_id": application.client_id,
        "aud": audience[0] if len(audience) == 1 else audience,
    }
    if scopes:
        claims["scope"] = " ".join(sorted(scopes))
    return claims | dict(identity)


def local_identity(user: User, attributes: Collection[str]) -> dict[str, Any]:
    """Return the claims of a local account: its public id, and the profile attributes asked for."""
    profile = {name: _profile_value(user, name) for name in attributes}
    return {name: value for name, value in profile.items() if value not in ("", None, [])} | {
        "sub": str(user.public_id)
    }


def federated_identity(
    claims: Mapping[str, Any], issuer: str, attributes: Collection[str]
) -> dict[str, Any]:
    """
    Return the claims of an outside identity: its `sub` copied, and the attributes asked for.

    `sub_id` (RFC 9493) says whose `sub` it is: two issuers may use the same one.
    """
    copied = set(attributes) - LOCAL_ONLY
    profile = {name: claims[name] for name in copied if _is_well_formed(name, claims.get(name))}
    sub_id = {"format": "iss_sub", "iss": issuer, "sub": claims["sub"]}
    return profile | {"sub": claims["sub"], "sub_id": sub_id}


def authentication_context(claims: Mapping[str, Any]) -> dict[str, Any]:
    """Copy how and when the subject signed in, where that is well-formed (RFC 9068 2.2.1)."""
    context: dict[str, Any] = {}
    auth_time, acr, amr = (claims.get(name) for name in ("auth_time", "acr", "amr"))
    if isinstance(auth_time, int) and not isinstance(auth_time, bool) and 0 <= auth_time < 2**53:
        context["auth_time"] = auth_time
    if _is_text(acr):
        context["acr"] = acr
    if isinstance(amr, list) and 0 < len(amr) <= 10 and all(map(_is_text, amr)):
        context["amr"] = amr
    return context


def _profile_value(user: User, name: str) -> str | bool | list[str] | None:
    match name:
        case "preferred_username":
            return user.username
        case "name":
            return user.get_full_name()
        case "phone_number":
            return user.mobile
        case "phone_number_verified":
            return user.mobile_verified if user.mobile else None
        case "email_verified":
            return user.email_verified if user.email else None
        case "roles":
            return sorted(name for (name,) in _roles.fetch(user.pk))
        case _:
            return getattr(user, name)


def _is_well_formed(name: str, value: Any) -> bool:
    return isinstance(value, bool) if name in BOOLEAN_ATTRIBUTES else _is_text(value)


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value) <= MAXIMUM_TEXT and "\x00" not in value
