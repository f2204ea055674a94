"""Which connections let people link by themselves: an administrator says so for each way."""

from django.db.models import Q, QuerySet

from connections.models import Connection
from idp.account.linking.refusal import not_offered

SIGN_IN, TOKEN = "sign_in", "token"
SWITCHES = {SIGN_IN: "link_by_sign_in", TOKEN: "link_by_token"}


def offered() -> QuerySet[Connection]:
    """Return the enabled connections that offer a way."""
    some_way = Q(link_by_sign_in=True) | Q(link_by_token=True)
    return Connection.objects.filter(some_way, enabled=True).order_by("name")


def find(connection_id: int, way: str = "") -> Connection:
    """
    Return a connection as it is now, if it is enabled and offers the way (any, if none is named).

    :raises LinkingRefused:
    """
    switch = {SWITCHES[way]: True} if way else {}
    connection = offered().filter(pk=connection_id, **switch).first()
    if connection is None:
        raise not_offered()
    return connection
