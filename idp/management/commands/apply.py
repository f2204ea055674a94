"""`manage.py apply FILE`: make connections, applications, roles and users what a file says."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError

from idp.configuration.carry_out import Outcome, carry_out
from idp.configuration.document import read
from idp.configuration.problems import ConfigurationRefused
from idp.configuration.schema import schema


class Command(BaseCommand):
    """Create and update what a configuration file describes, all or nothing."""

    help = "Create and update connections, applications, roles, users and links from a YAML file."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the file and the switches."""
        parser.add_argument("file", nargs="?", type=Path, help="the YAML file")
        parser.add_argument("--dry-run", action="store_true", help="show what would change")
        parser.add_argument("--schema", action="store_true", help="print its JSON Schema")

    def handle(self, *args: Any, file: Path | None, dry_run: bool, **options: Any) -> None:
        """Print the schema, or carry out the file and say what changed."""
        if options["schema"]:
            self.print_schema()
        elif file is None:
            raise CommandError("Name a file: manage.py apply agio.yaml")
        else:
            self.report(self.carry_out(file, dry_run=dry_run), dry_run=dry_run)

    def print_schema(self) -> None:
        """Print the JSON Schema."""
        self.stdout.write(json.dumps(schema(), indent=2, ensure_ascii=False))

    def carry_out(self, file: Path, *, dry_run: bool) -> Outcome:
        """Carry out the file, or end with every problem of it."""
        try:
            return carry_out(read(file), directory=file.parent, dry_run=dry_run)
        except ConfigurationRefused as refusal:
            lines = [problem.describe(str(file)) for problem in refusal.problems]
            raise CommandError("\n".join([*lines, "Nothing was changed."])) from None
        except DatabaseError as problem:
            raise CommandError(
                f"The database cannot be used: {problem}. Has `manage.py migrate` been run? "
                "Nothing was changed."
            ) from None

    def report(self, outcome: Outcome, *, dry_run: bool) -> None:
        """Say what changed; secrets last, so that they are not scrolled away."""
        for line in outcome.changes or ["Nothing to change."]:
            self.stdout.write(line)
        for line in outcome.notices:
            self.stderr.write(f"notice: {line}")
        for label, secret in outcome.shown_once.items():
            shown = "will be generated" if dry_run else secret
            self.stdout.write(f"{label}, shown once: {shown}")
        if dry_run and outcome.changes:
            self.stdout.write("Dry run: nothing was changed.")
