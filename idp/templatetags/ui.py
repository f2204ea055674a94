"""Template tags for the small pieces that every page uses."""

import re
from datetime import datetime
from functools import lru_cache

from django import template
from django.http import HttpRequest
from django.template.context import RequestContext
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe
from lucide.templatetags.lucide import lucide

from idp.account.navigation import tabs as pages_of_the_account
from idp.console.navigation import PLACES, Place
from idp.console.navigation import tabs as pages_about

THEMES = ("light", "dark")
ENDS_OF_PARTS = re.compile(r"(?<=[/?&=.])(?=[^/?&=.])")

register = template.Library()


@register.simple_tag
@lru_cache(maxsize=512)  # a page has thirty, and each is read from an archive and written anew
def icon(name: str, size: int = 18, css: str = "ui-icon") -> SafeString:
    """Draw an icon that says nothing to screen readers: words beside it do."""
    return lucide(name, size=size, aria_hidden="true", **{"class": css})


@register.filter
def breakable(text: str) -> SafeString:
    """Let an address break after what separates its parts, not in the middle of a word."""
    return format_html_join(
        mark_safe("<wbr>"), "{}", [[part] for part in ENDS_OF_PARTS.split(text)]
    )


@register.simple_tag
def theme(request: HttpRequest) -> str:
    """Return the theme that the browser's cookie asks for; empty for the system's."""
    asked = request.COOKIES.get("agio_theme", "")
    return asked if asked in THEMES else ""


@register.simple_tag(takes_context=True)
def sidebar(context: RequestContext) -> list[tuple[Place, bool]]:
    """Return every place of the console, and whether the page at hand belongs to it."""
    path = context["request"].path
    return [(place, place.contains(path)) for place in PLACES]


@register.inclusion_tag("ui/_tabs.html", takes_context=True)
def tabs(context: RequestContext, kind: str, key: object) -> dict[str, object]:
    """Show the pages about a connection, an application or a user as tabs."""
    path = context["request"].path
    return {"tabs": [(label, url, url == path) for label, url in pages_about(kind, key)]}


@register.inclusion_tag("ui/_tabs.html", takes_context=True)
def account_tabs(context: RequestContext) -> dict[str, object]:
    """Show the pages of one's own account as tabs."""
    return {"tabs": pages_of_the_account(context["request"].path)}


@register.inclusion_tag("ui/_moment.html")
def moment(at: datetime | None, never: str = "") -> dict[str, object]:
    """Show a time: how long ago, and exactly when, for who asks or has no JavaScript."""
    return {"at": at, "never": never}


@register.inclusion_tag("ui/_copyline.html")
def copyline(text: str, label: str = "") -> dict[str, str]:
    """Show an identifier on one line, with a button that copies it."""
    return {"text": text, "label": label}


@register.inclusion_tag("ui/_codebox.html")
def codebox(text: str, label: str, wrap: bool = False) -> dict[str, object]:
    """Show several lines of code with a button that copies them."""
    return {"text": text, "label": label, "wrap": wrap}
