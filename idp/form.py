"""
The body of a request to an OAuth endpoint, read strictly (RFC 6749 3.2).

Pure: no Django. The toolkit keeps the last of repeated parameters and never says so; here a
repetition is an error, so that no two components can disagree on what was asked.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl

from idp.errors import InvalidRequest

MAXIMUM_BODY = 65_536  # bytes
MAXIMUM_PARAMETERS = 60
REPEATABLE = frozenset({"audience", "resource"})
FORM_TYPE = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Form:
    """The parameters of a request. One without a value counts as absent."""

    parameters: Mapping[str, tuple[str, ...]]

    def get(self, name: str) -> str:
        """Return the value of a parameter, or an empty text where it is absent."""
        values = self.parameters.get(name)
        return values[0] if values else ""

    def all(self, name: str) -> tuple[str, ...]:
        """Return the different values of a parameter that may repeat, in the order sent."""
        return tuple(dict.fromkeys(self.parameters.get(name, ())))


def parse(*, body: bytes, content_type: str, query: str) -> Form:
    """
    Read the parameters from a request.

    :raises InvalidRequest: for a query, another media type, bytes that are not UTF-8, and for a
        parameter that repeats, other than `audience` and `resource`
    """
    if query:
        raise InvalidRequest(
            "Send the parameters in the body: nothing is read from the URL.",
            reason="request.query",
        )
    _check_content_type(content_type)
    parameters: dict[str, tuple[str, ...]] = {}
    for name, value in _pairs(body):
        if name in parameters and name not in REPEATABLE:
            raise InvalidRequest(
                "A parameter is sent twice. Send each parameter once.", reason="request.repeated"
            )
        parameters[name] = parameters.get(name, ()) + ((value,) if value else ())
    return Form(parameters)


def _check_content_type(content_type: str) -> None:
    media_type, _, parameters = content_type.partition(";")
    charset = parameters.strip().lower().replace('"', "").removeprefix("charset=")
    if media_type.strip().lower() != FORM_TYPE or charset not in ("", "utf-8", "utf8"):
        raise InvalidRequest(
            f"Send the parameters as a form: Content-Type {FORM_TYPE} in UTF-8.",
            reason="request.media-type",
            found=media_type,
        )


def _pairs(body: bytes) -> list[tuple[str, str]]:
    try:
        return parse_qsl(
            body.decode("utf-8"),
            keep_blank_values=True,
            encoding="utf-8",
            errors="strict",
            max_num_fields=MAXIMUM_PARAMETERS,
        )
    except ValueError as problem:  # UnicodeDecodeError is one
        raise InvalidRequest(
            "The body is not a form in UTF-8 with a sensible number of parameters.",
            reason="request.malformed",
        ) from problem
