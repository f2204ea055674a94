"""Send a code by text message: through whatever AGIO_SMS_SENDER names."""

import sys

from django.conf import settings
from django.utils.module_loading import import_string


def is_possible() -> bool:
    """Say whether anybody sends text messages for this server."""
    return bool(settings.SMS_SENDER)


def send(number: str, text: str) -> None:
    """
    Send a text to a number in E.164.

    :raises OSError: where the sender says so; any other error of it is a mistake in the sender
    """
    import_string(settings.SMS_SENDER)(number, text)


def print_it(number: str, text: str) -> None:
    """Show a message on the terminal: for development, where no phone is."""
    sys.stderr.write(f"Text message to {number}: {text}\n")
