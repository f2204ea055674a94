"""What is wrong with a configuration file, and where."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from rest_framework.exceptions import ErrorDetail
from rest_framework.settings import api_settings

type Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One mistake: its line (from 1; 0 means the file as a whole), its field, and what to do."""

    line: int
    path: Path
    message: str

    def describe(self, file: str) -> str:
        """Return `file:line: field: message`."""
        place = f"{file}:{self.line}" if self.line else file
        return ": ".join([place, *([dotted(self.path)] if self.path else []), self.message])


class ConfigurationRefused(Exception):
    """Refuse a file, with every problem that was found in it."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(f"{len(problems)} problems")
        # A field that is wrong in two ways is named twice; the same mistake is named once.
        self.problems = sorted(set(problems), key=lambda p: (p.line, str(p.path), p.message))


def dotted(path: Path) -> str:
    """Write a path as `applications[0].grant_types`."""
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return text.removeprefix(".")


def flatten(errors: Any, path: Path) -> Iterator[tuple[Path, ErrorDetail]]:
    """Yield every error of the framework's nested lists and mappings with its own path."""
    if isinstance(errors, ErrorDetail):
        yield path, errors
    elif isinstance(errors, dict):
        for key, inner in errors.items():
            own = key == api_settings.NON_FIELD_ERRORS_KEY
            yield from flatten(inner, path if own else (*path, key))
    else:
        for index, inner in enumerate(errors):
            yield from flatten(inner, path if isinstance(inner, ErrorDetail) else (*path, index))
