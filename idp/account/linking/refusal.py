"""Why an identity was not linked, in words for the person who tried."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

type Sentence = str | Promise

AGAIN = _("Begin again from your linked accounts.")
ADMINISTRATOR = _("Try again later. If it stays so, tell an administrator of this server.")


class LinkingRefused(Exception):
    """Say what was wrong, what to do, and with which status; `detail` is for the log alone."""

    def __init__(
        self, why: Sentence, what_to_do: Sentence = AGAIN, *, status: int = 400, detail: str = ""
    ) -> None:
        super().__init__(str(why))
        self.why = why
        self.what_to_do = what_to_do
        self.status = status
        self.detail = detail


def not_offered() -> LinkingRefused:
    """Refuse a connection that was switched off meanwhile, or does not offer this way."""
    why = _("Accounts of this organisation cannot be linked in this way now.")
    return LinkingRefused(why, status=404)


def cannot_be_linked() -> LinkingRefused:
    """Refuse an identity that is somebody's, without saying so (AL-04, AT-120)."""
    why = _("This identity cannot be linked to your account.")
    advice = _("If you think that it should be, ask an administrator of this server.")
    return LinkingRefused(why, advice, status=409)
