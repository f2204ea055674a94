"""Django's entry for the app."""

from django.apps import AppConfig


class ApplicationsConfig(AppConfig):
    """Configure the app."""

    name = "applications"
    default_auto_field = "django.db.models.BigAutoField"
