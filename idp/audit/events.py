"""Write entries of the audit log."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import connection, models
from django.db.transaction import TransactionManagementError

from idp.audit.actor import Actor
from idp.audit.values import kept, shorten
from idp.changes import ABSENT, Change, changes, is_secret
from idp.correlation import request_id
from idp.models import AuditEvent

type Description = Mapping[str, Any]

SWITCHES = frozenset({"enabled", "active"})
# By what the rest of the world knows a thing; others go by their primary key.
IDS = {"user": "public_id", "signing-key": "kid"}


def record(
    action: str, target: models.Model, *, before: Description, after: Description, actor: Actor
) -> AuditEvent | None:
    """
    Add one entry, with the values that differ; where there are values and none differs, add none.

    Call it in the transaction that makes the change, so that neither exists without the other; for
    a row that is deleted, before that. `before` is {} for what is new, `after` for what is gone.

    :raises TransactionManagementError: outside of a transaction
    """
    changed = list(changes(before, after))
    if (before or after) and not changed:
        return None
    return _add(action, target, changed, actor)


def record_changes(
    target: models.Model, *, before: Description, after: Description, actor: Actor
) -> list[AuditEvent]:
    """
    Add the entries that a change amounts to, as `application.updated`; none where nothing differs.

    A switch, secrets and the password have entries of their own: those are what one looks for.

    :raises TransactionManagementError: outside of a transaction
    """
    parts: dict[str, list[Change]] = defaultdict(list)
    for change in changes(before, after):
        action = "deleted" if not after else "updated" if before else "created"
        parts[_part(change.path, action)].append(change)
    kind = _kind(target)
    return [
        _add(f"{kind}.{_action(part, changed)}", target, changed, actor)
        for part, changed in parts.items()
    ]


def _part(path: str, action: str) -> str:
    """Return the action, or the part of the thing that has entries of its own."""
    if action != "deleted" and is_secret(path):
        return "password" if "password" in path else "secret"
    return "switch" if action == "updated" and path in SWITCHES else action


def _action(part: str, changed: list[Change]) -> str:
    if part == "switch":
        return "enabled" if changed[0].new else "disabled"
    if part not in ("secret", "password"):
        return part
    # With a new secret the present one becomes the former: that is one act.
    present = next((c for c in changed if not c.path.startswith("former_")), None)
    if present is None or present.new is ABSENT:
        return f"{part}-removed"
    return f"{part}-added" if present.old is ABSENT else f"{part}-replaced"


def _add(action: str, target: models.Model, changed: Iterable[Change], actor: Actor) -> AuditEvent:
    if not connection.in_atomic_block:
        raise TransactionManagementError("Record in the transaction that makes the change.")
    before, after = _both_sides(changed)
    event = AuditEvent(
        actor_name=shorten(actor.name, 150),
        actor_id=actor.public_id,
        action=action,
        target_kind=_kind(target),
        target_id=_id(target),
        target_name=shorten(str(target), 200),
        before=before,
        after=after,
        remote_address=actor.remote_address,
        request_id=str(request_id() or ""),
    )
    event.save()
    return event


def _both_sides(changed: Iterable[Change]) -> tuple[dict[str, Any], dict[str, Any]]:
    before, after = {}, {}
    for change in changed:
        old, new = kept(change)
        if change.old is not ABSENT:
            before[change.path] = old
        if change.new is not ABSENT:
            after[change.path] = new
    return before, after


def _kind(target: models.Model) -> str:
    """Return the model's name in words: `signing-key`."""
    return str(target._meta.verbose_name).replace(" ", "-")


def _id(target: models.Model) -> str:
    """
    Return the name by which the thing is found again.

    :raises ValueError: for a row that is not there (any more): its entry would name nothing
    """
    found = getattr(target, IDS.get(_kind(target), "pk"))
    if found is None:
        raise ValueError("Record a deletion before the row is deleted.")
    return str(found)
