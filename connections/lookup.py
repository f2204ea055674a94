"""
Which claims of a verified token may find a local account, and when they count as verified.

Pure: no Django, no database. The table is section 3 of the design page "The exchange".
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class LookupAttribute(StrEnum):
    """The only attributes that can find an account."""

    USERNAME = "username"
    EMAIL = "email"
    MOBILE = "mobile"


@dataclass(frozen=True, slots=True)
class LookupRule:
    """Where an attribute stands in a token: claims by preference, and the claim that vouches."""

    claims: tuple[str, ...]
    verified_claim: str | None


RULES: Mapping[LookupAttribute, LookupRule] = {
    LookupAttribute.USERNAME: LookupRule(("preferred_username", "username"), None),
    LookupAttribute.EMAIL: LookupRule(("email",), "email_verified"),
    LookupAttribute.MOBILE: LookupRule(("phone_number",), "phone_number_verified"),
}


class Voucher(StrEnum):
    """Who says that an attribute is really the subject's."""

    NOBODY = ""
    TOKEN = "token"
    ADMINISTRATOR = "administrator"


def voucher(
    attribute: LookupAttribute, claims: Mapping[str, Any], issuer_verifies: Collection[str]
) -> Voucher:
    """
    Return who vouches for the attribute.

    `issuer_verifies` names the attributes that an administrator confirmed this issuer verifies.
    Only JSON `true` vouches: the string "true" and the number 1 do not (nOAuth, CVE-2023-3128).
    """
    rule = RULES[attribute]
    if rule.verified_claim is not None and claims.get(rule.verified_claim) is True:
        return Voucher.TOKEN
    return Voucher.ADMINISTRATOR if attribute in issuer_verifies else Voucher.NOBODY


def verified_value(
    attribute: LookupAttribute, claims: Mapping[str, Any], issuer_verifies: Collection[str]
) -> str | None:
    """
    Read the attribute from verified claims, if the issuer vouches for it.

    Returns None where the claim is missing, is not visible text, or nobody vouches for it.
    """
    if voucher(attribute, claims, issuer_verifies) == Voucher.NOBODY:
        return None
    # The first claim that is there decides: a malformed one never yields to a weaker claim.
    value = next((claims[name] for name in RULES[attribute].claims if name in claims), None)
    return value if isinstance(value, str) and value.strip() and value.isprintable() else None
