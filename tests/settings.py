"""The product's own settings, with what a production environment gives, and a cheap password hash."""

import os

os.environ.setdefault("AGIO_ISSUER", "https://id.ours.example")
os.environ.setdefault("AGIO_SECRET_KEY", "a fixed key that only the tests use, and nothing else does")

from idp.settings import *  # noqa: E402, F403  settings read the environment when they are imported

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# A file, as in production: threads and processes of the tests meet in it as workers do.
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):  # noqa: F405
    DATABASES["default"]["TEST"] = {"NAME": BASE_DIR / "test.sqlite3"}  # noqa: F405
