"""The scopes of OpenID Connect (Core 5.4, 11), and the claims they stand for."""

from collections.abc import Collection, Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from applications.models import Scope
from idp.models.tokens import OIDC_SCOPES

OPENID, OFFLINE = "openid", "offline_access"

CLAIMS: Mapping[str, tuple[str, ...]] = {
    "profile": (
        *("name", "given_name", "family_name", "preferred_username"),
        *("picture", "locale", "zoneinfo"),
    ),
    "email": ("email", "email_verified"),
    "phone": ("phone_number", "phone_number_verified"),
}
OIDC = OIDC_SCOPES

IN_WORDS: Mapping[str, str | Promise] = {
    OPENID: _("Know that it is you"),
    OFFLINE: _("Stay signed in while you are away"),
    "profile": _("See your name, username, language and picture"),
    "email": _("See your e-mail address"),
    "phone": _("See your mobile number"),
}


def claims_of(scopes: Collection[str]) -> list[str]:
    """Return the claims that some scopes stand for."""
    return [name for scope in CLAIMS if scope in scopes for name in CLAIMS[scope]]


def in_words(scopes: Collection[str]) -> list[tuple[str, str | Promise]]:
    """Return each scope, and what it lets an application do as people say it."""
    known = dict(Scope.objects.filter(name__in=scopes).values_list("name", "description"))
    order = [*IN_WORDS, *sorted(set(scopes) - IN_WORDS.keys())]
    return [(name, IN_WORDS.get(name) or known.get(name, "")) for name in order if name in scopes]
