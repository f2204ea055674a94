"""What a connection, an application, a role or an account is like, as its serializer writes it."""

from typing import Any

from django.db import models
from django.utils.crypto import salted_hmac

from accounts.models import User
from applications.models import Application
from connections.models import Connection
from idp.configuration.kinds import KINDS

SERIALIZERS = {kind.serializer.model: kind.serializer for kind in KINDS}


def describe(instance: models.Model) -> dict[str, Any]:
    """
    Return what the serializer shows, and a fingerprint of each secret.

    A fingerprint only tells that a secret is another one than before; `record` keeps none.
    """
    secrets = {name: _fingerprint(text) for name, text in _secrets(instance).items() if text}
    return dict(SERIALIZERS[type(instance)](instance).data) | secrets


def _secrets(instance: models.Model) -> dict[str, str]:
    if isinstance(instance, Application):
        return {
            "client_secret": instance.secret_digest,
            "former_client_secret": instance.former_secret_digest,
        }
    if isinstance(instance, Connection):  # sealed anew, it looks different; the same is not
        return {"sign_in.client_secret": instance.sealed_client_secret}
    if isinstance(instance, User):
        return {"password": instance.password if instance.has_usable_password() else ""}
    return {}


def _fingerprint(text: str) -> str:
    return salted_hmac("idp.audit", text, algorithm="sha256").hexdigest()
