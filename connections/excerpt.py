"""What may be shown of a stranger's text: a little of it, and nothing that acts."""

import json

LIMIT = 200


def excerpt(value: object) -> str:
    """
    Write a JSON value as one short line of visible characters.

    Control characters, surrogates, and marks that turn the direction of writing are escaped.
    """
    text = value if isinstance(value, str) else _as_json(value)
    shown = text[:LIMIT]
    if not shown.isprintable():
        shown = "".join(map(_visible, shown))
    return shown if len(text) <= LIMIT and len(shown) <= LIMIT else shown[:LIMIT] + "…"


def _as_json(value: object) -> str:
    if type(value) is int:  # most claims that are no texts
        return str(value)
    return json.dumps(value, ensure_ascii=False, default=repr)


def _visible(character: str) -> str:
    return character if character.isprintable() else f"\\u{ord(character):04x}"
