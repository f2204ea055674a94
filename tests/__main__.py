"""`make test`: all tests on SQLite, and again on PostgreSQL where a server can be started."""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

from tests.postgresql import find_programs, temporary_server

MISSING = "PostgreSQL: left out, because initdb and pg_ctl are not installed (Debian: postgresql)."
# A browser cannot tell which database is behind a page, and the pages themselves are tested on
# both; the demo, the bench and the processes of test_serve.py have an SQLite of their own anyway.
ONCE = ("browser", "test_bench.py", "test_demo.py", "test_serve.py")


def run_tests(database: str, url: str, *options: str) -> bool:
    """Run pytest in a process of its own, on one database; tell whether all is well."""
    print(f"\nTests on {database}", flush=True)
    command = [sys.executable, "-m", "pytest", "--numprocesses=auto", *options, *sys.argv[1:]]
    environment = os.environ | {"AGIO_DATABASE_URL": url}
    return subprocess.run(command, env=environment).returncode == 0


@contextmanager
def kept_bytecode() -> Iterator[None]:
    """
    Let what one process compiles serve the others; the tests start a hundred.

    Nothing is left behind: it is kept beside the source by nobody, also where nobody forbids that.
    """
    with tempfile.TemporaryDirectory(prefix="agio-bytecode-") as folder:
        os.environ["PYTHONPYCACHEPREFIX"] = folder
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        yield


def run_on_postgresql() -> bool:
    """Run the tests on a temporary server; to have none is a failure where all is required."""
    programs = find_programs()
    if programs is None:
        print(MISSING, flush=True)
        return os.environ.get("AGIO_REQUIRE_ALL") != "1"
    with temporary_server(programs) as url:
        return run_tests("PostgreSQL", url, *(f"--ignore=tests/{name}" for name in ONCE))


if __name__ == "__main__":
    # As with Ctrl-C, so with `kill`: the server is stopped and its folder removed.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    with kept_bytecode():
        outcomes = [run_tests("SQLite", ""), run_on_postgresql()]
    sys.exit(not all(outcomes))
