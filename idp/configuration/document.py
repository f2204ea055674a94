"""
A YAML file as plain values, each with the line it stands on.

Built from parser events, so that nothing of YAML that can surprise survives: no tags, no anchors
(and with them no alias bombs), no duplicate keys, no `yes` that is a truth value, no dates.
"""

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import Any

import yaml

from idp.configuration.problems import ConfigurationRefused, Path, Problem

MAXIMUM_SIZE = 10_000_000  # bytes
MAXIMUM_DEPTH = 20
CONSTANTS = {"": None, "~": None, "null": None, "true": True, "false": False}
WHOLE_NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,17})")
FRACTION = re.compile(r"-?(0|[1-9][0-9]{0,17})\.[0-9]{1,17}")
VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Document:
    """What a file says. `lines` knows the line of every key and list item; see `line`."""

    content: Any
    lines: Mapping[Path, int]
    problems: list[Problem]

    def line(self, path: Path) -> int:
        """Return the line of the value at the path, or of the nearest thing that contains it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 0)

    def problem(self, path: Path, message: str) -> Problem:
        """Return a problem with the value at the path."""
        return Problem(self.line(path), path, message)

    def at(self, path: Path) -> Any:
        """Return the value at a path that exists."""
        value = self.content
        for step in path:
            value = value[step]
        return value


def read(path: FilePath, environment: Mapping[str, str] = os.environ) -> Document:
    """
    Read and parse a file.

    :raises ConfigurationRefused: where it cannot be read or is not YAML; lesser problems are in
        the document, so that they can be shown together with those of its content
    """
    try:
        with path.open("rb") as file:
            raw = file.read(MAXIMUM_SIZE + 1)
    except OSError as problem:
        raise _refusal(f"The file cannot be read: {problem.strerror}.") from None
    if len(raw) > MAXIMUM_SIZE:
        raise _refusal(f"The file is larger than {MAXIMUM_SIZE} bytes.")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = raw.count(b"\n", 0, problem.start) + 1
        raise _refusal("The file is not UTF-8 text.", line) from None
    return parse(text, environment)


def parse(text: str, environment: Mapping[str, str]) -> Document:
    """
    Parse YAML text, and put variables of the environment in the place of `${NAME}`.

    :raises ConfigurationRefused: where it is not one YAML document without tags and aliases
    """
    reader = _Reader(_events(text), environment)
    try:
        content = reader.document()
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        reason = getattr(error, "problem", None) or getattr(error, "reason", None) or "not text"
        raise _refusal(f"This is not YAML: {reason}.", mark.line + 1 if mark else 0) from None
    return Document(content, reader.lines, reader.problems)


def _events(text: str) -> Iterator[yaml.Event]:
    return yaml.parse(text, Loader=_Loader)


def _refusal(message: str, line: int = 0) -> ConfigurationRefused:
    return ConfigurationRefused([Problem(line, (), message)])


@dataclass(slots=True)
class _Reader:
    """Turn events into values, remembering where each stood."""

    events: Iterator[yaml.Event]
    environment: Mapping[str, str]
    lines: dict[Path, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def document(self) -> Any:
        next(self.events)  # start of the stream
        first = next(self.events)
        if isinstance(first, yaml.StreamEndEvent):
            raise _refusal("The file is empty.", 1)
        content = self._value(next(self.events), ())
        next(self.events)  # end of the document
        if not isinstance(after := next(self.events), yaml.StreamEndEvent):
            raise _refusal("Write one document: remove the line “---”.", _line(after))
        return content

    def _value(self, event: yaml.Event, path: Path) -> Any:
        self.lines.setdefault(path, _line(event))
        if isinstance(event, yaml.AliasEvent) or event.anchor:
            raise _refusal("Anchors (&) and aliases (*) are not supported.", _line(event))
        if event.tag is not None:
            raise _refusal(f"Tags ({event.tag}) are not supported.", _line(event))
        if len(path) > MAXIMUM_DEPTH:
            raise _refusal("The values are nested too deeply.", _line(event))
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(path)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(path)
        return self._scalar(event, path)

    def _mapping(self, path: Path) -> dict[str, Any]:
        mapping: dict[str, Any] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            if not isinstance(event, yaml.ScalarEvent) or event.anchor or event.tag:
                raise _refusal("A key is a plain word.", _line(event))
            key, line = event.value, _line(event)
            if key in mapping:
                first = self.lines[(*path, key)]
                message = f"The key is there twice: it is also on line {first}."
                self.problems.append(Problem(line, (*path, key), message))
            self.lines.setdefault((*path, key), line)
            mapping[key] = self._value(next(self.events), (*path, key))
        return mapping

    def _sequence(self, path: Path) -> list[Any]:
        items: list[Any] = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            items.append(self._value(event, (*path, len(items))))
        return items

    def _scalar(self, event: yaml.ScalarEvent, path: Path) -> Any:
        value = event.value if event.style else _resolve(event.value)
        if not isinstance(value, str):
            return value
        value = self._from_environment(value, path, _line(event))
        try:
            value.encode()
        except UnicodeEncodeError:
            self.problems.append(Problem(_line(event), path, "This is not valid Unicode text."))
            return ""
        return value

    def _from_environment(self, value: str, path: Path, line: int) -> str:
        """Return the variable that `${NAME}` stands for; other text stands for itself."""
        if not (found := VARIABLE.search(value)):
            return value
        name = found[1]
        if found[0] != value:
            message = f"{found[0]} must be the whole value."
        elif name not in self.environment:
            message = f"The environment variable {name} is not set."
        else:
            return self.environment[name]
        self.problems.append(Problem(line, path, message))
        return value


def _resolve(plain: str) -> Any:
    """Return what an unquoted word means: YAML 1.2's core, without its octal and odd numbers."""
    if plain in CONSTANTS:
        return CONSTANTS[plain]
    if WHOLE_NUMBER.fullmatch(plain):
        return int(plain)
    return float(plain) if FRACTION.fullmatch(plain) else plain


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1
