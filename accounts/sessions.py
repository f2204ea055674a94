"""Where people's sessions are kept: in the database, under keys that it can hold."""

from django.contrib.sessions.backends import db


class SessionStore(db.SessionStore):
    """Django's, which looks up whatever a cookie says: PostgreSQL has no NUL in text, and fails."""

    def __init__(self, session_key: str | None = None) -> None:
        is_key = session_key is not None and session_key.isascii() and session_key.isalnum()
        super().__init__(session_key if is_key else None)
