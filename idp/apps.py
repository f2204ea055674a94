"""Django's entry for the app."""

from django.apps import AppConfig


class IdpConfig(AppConfig):
    """Configure the app."""

    name = "idp"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the system checks, and who listens to people signing in."""
        from idp import checks  # noqa: F401
        from idp.account import reauthentication  # noqa: F401
        from idp.signin import events  # noqa: F401
