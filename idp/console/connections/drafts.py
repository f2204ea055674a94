"""What administrators typed into the wizard so far. A draft is its author's alone."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.db import transaction
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone

from accounts.models import User
from connections.models import Connection
from idp.models import ConnectionDraft
from idp.writing import turn_to_write

MAXIMUM_DRAFTS = 20
MAXIMUM_TEXT = 4_000  # characters of a field: enough to see that it is too long
MAXIMUM_CERTIFICATES = 120_000


class TooManyDrafts(Exception):
    """Somebody has as many drafts as are kept."""


def open_drafts(person: User) -> QuerySet[ConnectionDraft]:
    """Return the drafts that somebody can go on with."""
    return ConnectionDraft.objects.filter(administrator=person, connection=None)


def start(person: User) -> ConnectionDraft:
    """
    Begin a draft.

    :raises TooManyDrafts: where there are 20 of them
    """
    with turn_to_write(), transaction.atomic():
        User.objects.select_for_update().get(pk=person.pk)
        if open_drafts(person).count() >= MAXIMUM_DRAFTS:
            raise TooManyDrafts
        return ConnectionDraft.objects.create(administrator=person)


def find(person: User, draft_id: UUID, *, lock: bool = False) -> ConnectionDraft:
    """Return somebody's draft; somebody else's does not exist (404)."""
    rows = ConnectionDraft.objects.select_for_update() if lock else ConnectionDraft.objects
    return get_object_or_404(rows.filter(administrator=person), pk=draft_id)


def keep(person: User, draft_id: UUID, step: str, values: Mapping[str, Any]) -> ConnectionDraft:
    """Keep what was typed into a step, whether it is right or wrong."""
    with turn_to_write(), transaction.atomic():
        draft = find(person, draft_id, lock=True)
        if draft.connection_id is None:
            draft.values[step] = dict(values)
            draft.changed_at = timezone.now()
            draft.save()
        return draft


def fill_in(person: User, draft_id: UUID, step: str, values: Mapping[str, Any]) -> None:
    """Write values into some fields of a step, and leave the others."""
    present = find(person, draft_id).values.get(step, {})
    keep(person, draft_id, step, {**present, **values})


def consume(draft: ConnectionDraft, connection: Connection) -> None:
    """Remember only which connection was made of a draft."""
    draft.connection, draft.values, draft.changed_at = connection, {}, timezone.now()
    draft.save()


def discard(person: User, draft_id: UUID) -> None:
    """Delete a draft."""
    with turn_to_write(), transaction.atomic():
        find(person, draft_id, lock=True).delete()


def raw(form_class: type[forms.Form], sent: Any) -> dict[str, Any]:
    """Return the fields of a form as they were sent: bounded, and fit for any database."""
    values = {
        name: field.widget.value_from_datadict(sent, {}, name)
        for name, field in form_class.base_fields.items()
    }
    return {name: _bounded(name, value) for name, value in values.items()}


def _bounded(name: str, value: Any) -> Any:
    if isinstance(value, list):
        return [_bounded(name, each) for each in value[:50]]
    if not isinstance(value, str):
        return value
    limit = MAXIMUM_CERTIFICATES if name == "certificates" else MAXIMUM_TEXT
    return value[:limit].replace("\0", "�")  # PostgreSQL keeps no NUL


def is_empty(draft: ConnectionDraft) -> bool:
    """Say whether nothing was typed that anybody could miss."""
    general = draft.values.get("general", {})
    return "keys" not in draft.values and not any(general.values())
