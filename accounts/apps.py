"""Django's entry for the app."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Configure the app."""

    name = "accounts"
    default_auto_field = "django.db.models.BigAutoField"
