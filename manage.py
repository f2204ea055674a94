#!/usr/bin/env python
"""Run a Django command with Agio's settings."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line
from django.db import OperationalError


def main() -> None:
    """Run the command; what is wrong with the environment is a sentence, not a traceback."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "idp.settings")
    try:
        execute_from_command_line(sys.argv)
    except (ImproperlyConfigured, OperationalError) as problem:
        if "--traceback" in sys.argv:
            raise
        asked = "the database says: " if isinstance(problem, OperationalError) else ""
        sys.exit(f"agio: {asked}{' '.join(str(problem).split())}")


if __name__ == "__main__":
    main()
