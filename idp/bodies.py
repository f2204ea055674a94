"""How large a request of a browser may be, before anything reads it."""

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse


class BodyLimitMiddleware:
    """
    Refuse a body that is too large, files included.

    Django limits fields and not files, and reads all of them to find the token against forgery: a
    stranger could fill the disk without signing in.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Look at the length that the request says; the server reads no further than that."""
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not length.isdecimal() or int(length[:20]) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            raise RequestDataTooBig("The body is too large.")
        return self.get_response(request)
