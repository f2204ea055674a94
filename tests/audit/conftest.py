"""An entry of the audit log, and what stands in it."""

from collections.abc import Callable
from typing import Any

import pytest

from idp.models import AuditEvent

type Add = Callable[..., AuditEvent]


@pytest.fixture
def add(db: None) -> Add:
    """Return a function that adds an entry, changed by its keywords."""

    def run(**changes: Any) -> AuditEvent:
        good = {
            "actor_name": "alice",
            "action": "connection.updated",
            "target_kind": "connection",
            "target_id": "1",
            "target_name": "Acme Workforce",
        }
        event = AuditEvent(**good | changes)
        event.save()
        return event

    return run


def actions() -> list[str]:
    """Return what was done, in order."""
    return list(AuditEvent.objects.order_by("at").values_list("action", flat=True))
