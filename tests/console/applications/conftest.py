"""What the pages about applications are tested with."""

from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

import pytest
from django.http import HttpResponse

from applications.models import Application
from idp.models import AuditEvent

type Save = Callable[..., HttpResponse]


class FormReader(HTMLParser):
    """Read what a browser would send of the form that changes something."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, list[str]] = {}
        self.inside = False
        self.area = self.select = ""  # the text area or the select at hand

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note fields with their values."""
        about = dict(attrs)
        name = about.get("name")
        if tag == "form":
            self.inside = about.get("method") == "post" and "action" not in about
        elif not self.inside:
            return
        elif tag == "input" and name and "form" not in about:
            if about.get("type") not in ("checkbox", "radio") or "checked" in about:
                self._add(name, about.get("value") or "on" * ("checked" in about))
        elif tag == "textarea":
            self.area = name or ""
            self._add(self.area, "")
        elif tag == "select":
            self.select = name or ""
        elif tag == "option" and "selected" in about:
            self._add(self.select, about.get("value") or "")

    def handle_data(self, data: str) -> None:
        """Add to the text area at hand; its first line break is not part of it."""
        if self.area:
            self.fields[self.area][-1] += data

    def handle_endtag(self, tag: str) -> None:
        """Close what was open."""
        if tag == "textarea" and self.area:
            self.fields[self.area][-1] = self.fields[self.area][-1].removeprefix("\n")
            self.area = ""
        if tag == "form":
            self.inside = False

    def _add(self, name: str, value: str) -> None:
        self.fields.setdefault(name, []).append(value)


def fields_of(page: str) -> dict[str, list[str]]:
    """Return what a browser would send of a page's form."""
    reader = FormReader()
    reader.feed(page)
    reader.fields.pop("csrfmiddlewaretoken", None)
    return reader.fields


def text_of(response: HttpResponse) -> str:
    """Return a page as text."""
    return response.content.decode()


@pytest.fixture
def save(console: Any) -> Save:
    """Return a function that opens a page, changes fields of its form, and sends it."""

    def send(path: str, **changes: Any) -> HttpResponse:
        page = console.get(path)
        assert page.status_code == 200
        fields = fields_of(text_of(page)) | changes
        return console.post(path, {n: v for n, v in fields.items() if v is not None})

    return send


def reload(application: Application) -> Application:
    """Return the row as it is now."""
    return Application.objects.get(pk=application.pk)


def actions() -> list[str]:
    """Return what the audit log says, oldest first."""
    return list(AuditEvent.objects.order_by("at").values_list("action", flat=True))
