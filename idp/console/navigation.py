"""Where one can go in the console: the sidebar, and what the palette offers first."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Place:
    """A page of the console that stands in the sidebar; `section` is the heading above it."""

    label: str | Promise
    icon: str
    url_name: str
    section: str | Promise = ""

    @property
    def url(self) -> str:
        """Return where it is."""
        return reverse(self.url_name)

    def contains(self, path: str) -> bool:
        """Say whether a path is this page or below it."""
        return path == self.url or (self.url_name != "overview" and path.startswith(self.url))


PLACES = (
    Place(_("Overview"), "layout-dashboard", "overview"),
    Place(_("Connections"), "cable", "connections", _("Configure")),
    Place(_("Applications"), "app-window", "applications"),
    Place(_("Users"), "users", "users"),
    Place(_("Roles"), "id-card", "roles"),
    Place(_("Scopes"), "tags", "scopes"),
    Place(_("Exchanges"), "activity", "exchanges", _("Operate")),
    Place(_("Audit log"), "scroll-text", "audit"),
    Place(_("Signing keys"), "key-round", "signing-keys"),
    Place(_("Settings"), "settings", "settings"),
)


@dataclass(frozen=True, slots=True)
class Tab:
    """One of the pages about a thing."""

    label: str | Promise
    url_name: str


TABS: dict[str, Sequence[Tab]] = {
    "connection": (
        Tab(_("General"), "connection"),
        Tab(_("Signing keys"), "connection-keys"),
        Tab(_("Advanced"), "connection-advanced"),
        Tab(_("Sign-in"), "connection-sign-in"),
        Tab(_("Activity"), "connection-activity"),
        Tab(_("Danger zone"), "connection-danger"),
    ),
    "application": (
        Tab(_("General"), "application"),
        Tab(_("Protocol"), "application-protocol"),
        Tab(_("User attributes"), "application-attributes"),
        Tab(_("Token exchange"), "application-exchange"),
        Tab(_("Activity"), "application-activity"),
        Tab(_("Danger zone"), "application-danger"),
    ),
    "user": (
        Tab(_("Profile"), "user"),
        Tab(_("Linked accounts"), "user-links"),
        Tab(_("Roles"), "user-roles"),
        Tab(_("Activity"), "user-activity"),
    ),
    "role": (
        Tab(_("General"), "role"),
        Tab(_("Members"), "role-members"),
        Tab(_("Activity"), "role-activity"),
        Tab(_("Danger zone"), "role-danger"),
    ),
    "scope": (
        Tab(_("General"), "scope"),
        Tab(_("Activity"), "scope-activity"),
        Tab(_("Danger zone"), "scope-danger"),
    ),
}


def tabs(kind: str, key: object) -> list[tuple[str | Promise, str]]:
    """Return label and address of each page about a thing."""
    return [(tab.label, reverse(tab.url_name, args=[key])) for tab in TABS[kind]]
