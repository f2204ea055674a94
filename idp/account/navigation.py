"""The pages of an account, in the order of their tabs."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# Label, and name of the URL; what is below a page belongs to it.
PAGES: Sequence[tuple[str | Promise, str]] = (
    (_("Profile"), "account"),
    (_("Security"), "security"),
    (_("Sessions"), "sessions"),
    (_("Linked accounts"), "linked-accounts"),
    (_("Applications"), "my-applications"),
    (_("Activity"), "activity"),
)


def tabs(path: str) -> list[tuple[str | Promise, str, bool]]:
    """Return label, address, and whether it is the page at hand, of each page."""
    return [(label, reverse(name), _contains(name, path)) for label, name in PAGES]


def _contains(name: str, path: str) -> bool:
    """Say whether a path is a page or below it; everything is below the first one."""
    address = reverse(name)
    return path == address or (name != PAGES[0][1] and path.startswith(address))
