"""What a person agreed to (OpenID Connect Core 3.1.2.4), remembered until they withdraw it."""

from django.utils import timezone

from accounts.models import User
from applications import redirect_uris
from applications.models import Application
from idp.authorization.request import AuthorizationRequest
from idp.models import Consent


def is_needed(user: User, asked: AuthorizationRequest) -> bool:
    """
    Say whether a person has to agree first.

    Always where the answer goes to a program on a device: another one may listen there (RFC 8252
    8.6).
    """
    client = asked.client
    is_somebodys = redirect_uris.is_web(client.redirect_uri) or not client.application.is_native
    if "consent" in asked.prompts or not is_somebodys:
        return True
    if client.application.skip_consent:
        return False
    given = Consent.objects.filter(user=user, application=client.application).first()
    return given is None or bool(asked.scopes - frozenset(given.scope.split()))


def give(user: User, application: Application, scopes: frozenset[str]) -> Consent:
    """Remember what somebody agreed to, beside what they agreed to before. In a transaction."""
    consent, _made = Consent.objects.select_for_update().get_or_create(
        user=user, application=application
    )
    consent.scope = " ".join(sorted(scopes | frozenset(consent.scope.split())))
    consent.given_at = timezone.now()
    consent.save(update_fields=["scope", "given_at"])
    return consent
