"""End a signing key that somebody else may know."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from idp.audit import COMMAND_LINE
from idp.models import AccessToken, SigningKey
from idp.tokens import signing


class Command(BaseCommand):
    """Withdraw a key at once: it is no longer published and its tokens are inactive."""

    help = "End a signing key at once, and every token that it signed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the key."""
        parser.add_argument("kid", help="the key ID, as in /oauth2/jwks")
        parser.add_argument("--yes", action="store_true", help="do not ask")

    def handle(self, *args: Any, **options: Any) -> None:
        """Say what ends, ask, and withdraw."""
        kid = options["kid"]
        if not SigningKey.objects.filter(kid=kid).exists():
            raise CommandError("There is no signing key with this ID.")
        tokens = AccessToken.objects.filter(kid=kid, expires_at__gt=timezone.now()).count()
        self.stdout.write(f"{tokens} access tokens signed with it will be inactive at once.")
        if not options["yes"] and not is_sure():
            raise CommandError("Nothing was changed.")
        key = signing.withdraw(kid, actor=COMMAND_LINE)
        self.stdout.write(f"Withdrawn. {signing.current_key(key.algorithm).kid} signs now.")


def is_sure() -> bool:
    """Ask; nobody there to answer means no."""
    try:
        return input("Withdraw the key? Type yes: ") == "yes"
    except EOFError:
        return False
