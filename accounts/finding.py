"""Find people by what an administrator types: the beginning of a name, a number, an id."""

import uuid

from django.db import connection
from django.db.models import Q, QuerySet

from accounts.models import User
from accounts.names import canonical, e164, search_key

LAST_CHARACTER = "\U0010ffff"


def described_by(words: str) -> Q:
    """
    Return the condition for people whom some words may mean.

    By the beginning of a username or an e-mail address, a whole mobile number, or a `public_id`:
    an index serves each of them among a million people.
    """
    if number := e164(words):
        return Q(mobile=number)
    if public_id := _uuid(words):
        return Q(public_id=public_id)
    key = search_key(words)
    return beginning_with("username_key", key) | beginning_with("email_key", key)


def beginning_with(column: str, key: str) -> Q:
    """
    Return the condition that a column begins with a key, so that an index serves it.

    SQLite uses its index for a range, which its byte order allows, and not for LIKE. PostgreSQL has
    an index for LIKE beside each of these columns, and its order of letters allows no range.
    """
    if connection.vendor == "sqlite":
        return Q(**{f"{column}__gte": key, f"{column}__lt": key + LAST_CHARACTER})
    return Q(**{f"{column}__startswith": key})


def find_by_username(username: str, people: QuerySet[User] | None = None) -> User | None:
    """Return who has this username, in this case or in another; nobody who only looks alike."""
    people = User.objects.all() if people is None else people
    alike = people.filter(username_key=search_key(username))
    same = [user for user in alike if canonical(user.username) == canonical(username)]
    return next((user for user in same if user.username == username), same[0] if same else None)


def _uuid(words: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(words)
    except ValueError:
        return None
