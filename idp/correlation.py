"""
One id for a request: in every log record, in the record of an exchange, and in the answer.

It is ours alone: an id that a caller sent could be made to look like somebody else's request.
"""

import uuid
from collections.abc import Callable
from contextvars import ContextVar

from django.http import HttpRequest, HttpResponse

HEADER = "X-Request-Id"

_current: ContextVar[uuid.UUID | None] = ContextVar("request_id", default=None)


def request_id() -> uuid.UUID | None:
    """Return the id of the request that is being answered, or None outside of one."""
    return _current.get()


class CorrelationMiddleware:
    """Give each request an id, and its answer the same one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request under a new id."""
        number = uuid.uuid4()
        token = _current.set(number)
        try:
            response = self.get_response(request)
        finally:
            _current.reset(token)
        response.headers[HEADER] = str(number)
        return response
