"""Agio's settings in a production environment, whatever the shell says, and a cheap hash."""

import os
from pathlib import Path

from tests.memory import folder_in_memory

KEPT = {"AGIO_DATABASE_URL", "AGIO_REQUIRE_ALL"}  # what `make test` tells the tests
for name in [name for name in os.environ if name.startswith("AGIO_") and name not in KEPT]:
    del os.environ[name]
os.environ["AGIO_ISSUER"] = "https://id.ours.example"
os.environ["AGIO_ADMIN_SECOND_FACTOR"] = "0"  # switched on where it is tested
os.environ["AGIO_SECRET_KEY"] = "a fixed key that only the tests use, and nothing else does"

from idp.settings import *  # noqa: E402, F403  settings read the environment when they are imported

# Each client of a test has its own middleware, which need not look through all static files.
WHITENOISE_AUTOREFRESH = True

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# A file, as in production: threads and processes of the tests meet in it as workers do. Each run
# has its own, since several people may test at once; and in memory, since nobody needs it later.
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):  # noqa: F405
    TEST_FILE = Path(folder_in_memory(), f"agio-test-{os.getpid()}.sqlite3")
    DATABASES["default"]["TEST"] = {"NAME": TEST_FILE}  # noqa: F405
