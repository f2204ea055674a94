"""
How the threads of a worker take turns at writing.

SQLite has one writer at a time, and whoever finds it busy sleeps 1, 2, 5, 10, 15 … ms between two
looks, also when nobody writes any more. Our threads queue for a lock, which wakes the next one at
once; between workers SQLite's own waiting remains. PostgreSQL needs none of this.
"""

from contextlib import AbstractContextManager, nullcontext
from threading import Lock
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections

_turn = Lock()


def turn_to_write() -> AbstractContextManager[Any]:
    """
    Return what to hold while writing; it comes before `transaction.atomic()`.

    Hold it shortly: nothing slow belongs between two writes. Inside a transaction, which has its
    turn already, it is nothing.
    """
    database = connections[DEFAULT_DB_ALIAS]
    queues = database.vendor == "sqlite" and not database.in_atomic_block
    return _turn if queues else nullcontext()
