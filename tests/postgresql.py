"""A PostgreSQL server of our own that is gone afterwards: nothing listens on the network."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from tests.memory import folder_in_memory

# The data is thrown away, so nothing waits for the disk.
INITDB_OPTIONS = ("--encoding=UTF8", "--no-locale", "--no-sync")
OPTIONS = "-c listen_addresses='' -c fsync=off -c synchronous_commit=off -c full_page_writes=off"


def find_programs() -> Path | None:
    """Return the folder that has initdb and pg_ctl; Debian keeps them off PATH. Newest first."""
    debian = Path("/usr/lib/postgresql").glob("*/bin")
    newest = sorted(debian, key=lambda found: float(found.parent.name), reverse=True)
    on_path = [Path(folder) for folder in os.get_exec_path()]
    for folder in [*newest, *on_path]:
        if all(os.access(folder / name, os.X_OK) for name in ("initdb", "pg_ctl")):
            return folder
    return None


def unprivileged() -> dict[str, Any]:
    """Return what makes subprocess leave root, as which PostgreSQL does not run."""
    if os.geteuid() != 0:
        return {}
    names = {entry.pw_name for entry in pwd.getpwall()}
    account = pwd.getpwnam("postgres" if "postgres" in names else "nobody")
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


@contextmanager
def temporary_server(programs: Path) -> Iterator[str]:
    """
    Run a server on a Unix socket and yield its URL for AGIO_DATABASE_URL.

    :raises subprocess.CalledProcessError: where it does not start
    """
    folder = Path(tempfile.mkdtemp(prefix="agio-pg-", dir=folder_in_memory()))
    owner = unprivileged()
    if owner:
        shutil.chown(folder, owner["user"], owner["group"])

    def run(program: str, *arguments: str) -> None:
        command = [programs / program, "--pgdata", folder / "data", *arguments]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=folder, **owner)

    try:
        run("initdb", "--username=agio", "--auth=trust", *INITDB_OPTIONS)
        run("pg_ctl", "start", f"--log={folder / 'log'}", f"--options=-k {folder} {OPTIONS}")
        try:
            yield f"postgresql://agio@{quote(str(folder), safe='')}/postgres"
        finally:
            run("pg_ctl", "stop", "--mode=immediate")
    finally:
        shutil.rmtree(folder)
