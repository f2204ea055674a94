"""Commands of manage.py in an environment of the test's choice."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MANAGE = [sys.executable, str(ROOT / "manage.py")]
ISSUER = "https://id.ours.example"
PRODUCTION = {"AGIO_ISSUER": ISSUER, "AGIO_SECRET_KEY": "0123456789" * 6}


def environment(changes: dict[str, str]) -> dict[str, str]:
    """Return a production environment with the changes; an empty value takes a variable away."""
    others = ("AGIO_", "DJANGO_", "PYTEST_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(others)}
    return kept | {name: value for name, value in (PRODUCTION | changes).items() if value}


def manage(*arguments: str, **changes: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return subprocess.run(
        [*MANAGE, *arguments],
        env=environment(changes),
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
