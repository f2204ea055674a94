"""Carry out a configuration file in one transaction: all of it, or nothing."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import Any

from django.db import IntegrityError, models, transaction
from django.utils import timezone

from accounts.administrators import hold_administrators
from connections.sections import ModelSection
from connections.strict import suggestion
from idp.audit import Actor, describe, record_changes
from idp.configuration.difference import differences
from idp.configuration.document import Document
from idp.configuration.kinds import KINDS, Entry, Kind
from idp.configuration.problems import ConfigurationRefused, Path, Problem, flatten
from idp.links.notices import link_made

ACTOR = Actor.command("apply")


@dataclass(frozen=True, slots=True)
class Outcome:
    """
    What was done, line by line; what the reader should know; and the secrets that were made.

    `shown_once` maps a label such as `client_secret of orders` to a secret nobody can read again.
    """

    changes: list[str] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    shown_once: dict[str, str] = field(default_factory=dict)


def carry_out(document: Document, *, directory: FilePath, dry_run: bool = False) -> Outcome:
    """
    Create and update what the document describes; with `dry_run`, take it all back at the end.

    `directory` is where files that the document names are looked for.

    :raises ConfigurationRefused: with every problem of the document; then nothing was changed
    """
    work = _Work(document, directory)
    with transaction.atomic():
        hold_administrators()  # before anything else, as the console does: neither waits for both
        work.everything()
        if work.problems or dry_run:
            transaction.set_rollback(True)
    if work.problems:
        raise ConfigurationRefused(work.problems)
    return work.outcome


class _Work:
    """One run through a document."""

    def __init__(self, document: Document, directory: FilePath) -> None:
        self.document = document
        self.directory = directory
        self.problems = list(document.problems)
        self.outcome = Outcome()
        self.done: dict[models.Model | None, Path] = {}
        self.refused: list[tuple[str, Any]] = []

    def everything(self) -> None:
        content, known = self.document.content, [kind.key for kind in KINDS]
        if not isinstance(content, dict):
            self._refuse((), f"Begin with one of the keys {', '.join(known)}.")
            return
        for key in content:
            if key not in known:
                self._refuse((key,), f"There is no such key.{suggestion(key, known)}")
        for kind in KINDS:
            self._kind(kind, content.get(kind.key))

    def _kind(self, kind: Kind, entries: Any) -> None:
        if entries is None:
            return
        if not isinstance(entries, list):
            self._refuse((kind.key,), "Enter a list: begin each entry with “- ”.")
            return
        for index, entry in enumerate(entries):
            path = (kind.key, index)
            if isinstance(entry, dict):
                self._entry(kind, entry, path)
            else:
                self._refuse(path, "Enter keys and values here.")

    def _entry(self, kind: Kind, entry: Entry, path: Path) -> None:
        instance = kind.find(entry)
        if (first := self.done.get(instance)) is not None:
            line = self.document.line(first)
            self._refuse(path, f"This {kind.noun} is in the file twice: see line {line}.")
            return
        before = describe(instance) if instance else {}
        serializer = kind.serializer(
            instance,
            data=entry,
            partial=instance is not None,
            context={"directory": self.directory},
        )
        if saved := self._save(serializer, path):
            self.done[saved] = path
            self._report(kind, serializer, before, saved)
        else:
            self.refused.append((f"unknown_{kind.noun}", entry.get("name")))

    def _save(self, serializer: ModelSection, path: Path) -> models.Model | None:
        if not serializer.is_valid():
            self.problems.extend(self._problems(serializer.errors, path))
            return None
        try:
            with transaction.atomic():
                return serializer.save()
        except IntegrityError:
            self._refuse(path, "The database refused this: it contradicts what is there already.")
            return None

    def _report(
        self, kind: Kind, serializer: ModelSection, before: dict[str, Any], saved: models.Model
    ) -> None:
        after = describe(saved)
        record_changes(saved, before=before, after=after, actor=ACTOR)
        for link in getattr(serializer, "made_links", ()):
            link_made(link, timezone.now())
        label = f"{kind.noun} {saved}"
        lines = [*differences(before, after), *serializer.changes] if before else ["created"]
        self.outcome.changes.extend(f"{label}: {line}" for line in lines)
        self.outcome.notices.extend(f"{label}: {notice}" for notice in serializer.notices)
        owner = getattr(saved, "client_id", str(saved))
        for what, secret in serializer.shown_once.items():
            self.outcome.shown_once[f"{what} of {owner}"] = secret

    def _problems(self, errors: Any, path: Path) -> Iterator[Problem]:
        for place, detail in flatten(errors, path):
            # A connection or a role that this very file got wrong is one mistake, not two.
            if not detail.code.startswith("unknown_") or (
                (detail.code, self.document.at(place)) not in self.refused
            ):
                yield self.document.problem(place, str(detail))

    def _refuse(self, path: Path, message: str) -> None:
        self.problems.append(self.document.problem(path, message))
