"""How the log is written: one record, one line of JSON, and no token in it."""

import json
import logging
import re
from datetime import UTC, datetime

from idp.correlation import request_id

# One line of JSON for each record, on stderr.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": f"{__name__}.JsonFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        # A request that we refuse is in the record of exchanges; here it would only be noise.
        "django.request": {"level": "ERROR"},
        "_granian": {"level": "WARNING"},
    },
}

# Nothing here logs a token on purpose; an error message of a library may still quote one.
JWT = re.compile(r"\beyJ[\w-]*\.[\w-]+\.?[\w-]*")


class JsonFormatter(logging.Formatter):
    """
    Write a record as JSON in ASCII, so that control characters in it are escaped (AT-130).

    `extra={"fields": {...}}` adds members of its own.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        members = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if number := request_id():
            members["request_id"] = str(number)
        if record.exc_info:
            members["exception"] = self.formatException(record.exc_info)
        members = getattr(record, "fields", {}) | members
        return JWT.sub("[token]", json.dumps(members, default=str))
