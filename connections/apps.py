"""Django's entry for the app."""

from django.apps import AppConfig


class ConnectionsConfig(AppConfig):
    """Configure the app."""

    name = "connections"
    default_auto_field = "django.db.models.BigAutoField"
