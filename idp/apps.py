"""Django's entry for the app."""

from django.apps import AppConfig


class IdpConfig(AppConfig):
    """Configure the app."""

    name = "idp"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the system checks, and who listens to allauth."""
        from idp import checks  # noqa: F401
        from idp.signin import events  # noqa: F401
