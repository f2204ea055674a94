"""What stands in a configuration file, and which existing row each entry means."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models

from accounts.finding import find_by_username
from accounts.models import Role, User
from accounts.role_serializer import RoleSerializer
from accounts.serializers import UserSerializer
from applications.models import Application, Scope
from applications.scope_serializer import ScopeSerializer
from applications.serializers import ApplicationSerializer
from connections.models import Connection
from connections.sections import ModelSection
from connections.serializers import ConnectionSerializer

type Entry = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Kind:
    """
    What the entries under a top-level key are.

    `find` returns the row that an entry means, locked until the transaction ends, or None.
    """

    key: str
    noun: str
    serializer: type[ModelSection]
    find: Callable[[Entry], models.Model | None]


def _text(entry: Entry, key: str) -> str:
    value = entry.get(key)
    # Text that a database could not even look for is left to the serializer to refuse.
    return value if isinstance(value, str) and "\0" not in value else ""


def _find_connection(entry: Entry) -> Connection | None:
    return Connection.objects.select_for_update().filter(name=_text(entry, "name")).first()


def _find_application(entry: Entry) -> Application | None:
    by = "client_id" if "client_id" in entry else "name"
    return Application.objects.select_for_update().filter(**{by: _text(entry, by)}).first()


def _find_scope(entry: Entry) -> Scope | None:
    return Scope.objects.select_for_update().filter(name=_text(entry, "name")).first()


def _find_role(entry: Entry) -> Role | None:
    # Not against new members: whoever gives somebody a role holds the account, and would wait.
    roles = Role.objects.select_for_update(no_key=True)
    return roles.filter(name=_text(entry, "name")).first()


def _find_user(entry: Entry) -> User | None:
    return find_by_username(_text(entry, "username"), User.objects.select_for_update())


KINDS = (
    Kind("connections", "connection", ConnectionSerializer, _find_connection),
    Kind("applications", "application", ApplicationSerializer, _find_application),
    Kind("scopes", "scope", ScopeSerializer, _find_scope),
    Kind("roles", "role", RoleSerializer, _find_role),
    Kind("users", "user", UserSerializer, _find_user),
)
