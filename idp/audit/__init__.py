"""
Who changed what, written down in the transaction that changes it.

actor.py        who: a person behind a request, or a program
description.py  what a thing is like, to be compared before and after
values.py       what is kept of a value: a bounded part, and never a secret
events.py       `record`: one entry; `record_changes`: the entries that a change amounts to
export.py       the log as CSV
"""

from idp.audit.actor import COMMAND_LINE, Actor
from idp.audit.description import describe
from idp.audit.events import record, record_changes

__all__ = ["COMMAND_LINE", "Actor", "describe", "record", "record_changes"]
