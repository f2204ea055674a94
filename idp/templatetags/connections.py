"""Template tags for connections."""

from django import template

from connections.health import Health, health_of
from connections.models import Connection

register = template.Library()


@register.simple_tag
def health(connection: Connection) -> Health:
    """Return how a connection is; a list has read that with its rows."""
    known = getattr(connection, "health", None)
    return Health(known) if known else health_of(connection)
