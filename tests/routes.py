"""Every route of the URL map, as it is written there."""

import re
from collections.abc import Callable, Iterator

from django.urls import URLPattern, URLResolver, get_resolver

EXAMPLES = {"uuid": "00000000-0000-0000-0000-000000000000", "int": "1", "str": "x", "slug": "x"}


def routes(
    resolver: URLResolver | None = None, before: str = ""
) -> Iterator[tuple[str, URLPattern]]:
    """Yield each route, such as `users/<uuid:public_id>/`, and what stands there."""
    for pattern in (resolver or get_resolver()).url_patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern, route)
        else:
            yield route, pattern


def fill(route: str, value: Callable[[str], object] = EXAMPLES.__getitem__) -> str:
    """Return the route's path, with a value for each converter."""
    return re.sub(r"<(\w+):\w+>", lambda found: str(value(found[1])), route)
