"""Let the next signing keys sign."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from idp.audit import COMMAND_LINE
from idp.tokens import signing


class Command(BaseCommand):
    """Rotate signing keys with overlap: no token that was issued stops being good."""

    help = "Let the next signing key sign; the present one stays published for its tokens."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the algorithms to rotate."""
        parser.add_argument(
            "--algorithm",
            action="append",
            choices=list(signing.GENERATORS),
            help="rotate the keys of this algorithm; may repeat (default: all in use)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Rotate, and name the keys that sign from now on."""
        problems = []
        for algorithm in options["algorithm"] or signing.algorithms_in_use():
            try:
                key = signing.rotate(algorithm, actor=COMMAND_LINE)
            except signing.TooSoon as problem:
                problems.append(str(problem))
            else:
                self.stdout.write(f"{algorithm}: {key.kid} signs from now on.")
        if problems:
            raise CommandError("\n".join(problems))
