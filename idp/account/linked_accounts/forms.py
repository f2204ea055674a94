"""For whom and for how long a link is good."""

from datetime import UTC, datetime, time
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import FederatedLink
from applications import grant_types
from applications.models import Application


class LimitForm(forms.Form):
    """
    Which applications may use a link, and until which day (UTC, the day included).

    `link` is the one that is limited. Offered are the applications that could use it.
    """

    is_limited = forms.BooleanField(
        label=gettext_lazy("Only for chosen applications"),
        required=False,
        help_text=gettext_lazy("Others are refused. If you choose none, nobody can use it."),
    )
    applications = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Applications"),
        queryset=Application.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    until = forms.DateField(
        label=gettext_lazy("Until"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("The last day on which it can be used (UTC). Empty: no end."),
    )

    def __init__(self, *args: Any, link: FederatedLink, **kwargs: Any) -> None:
        chosen = link.limits.values_list("application", flat=True)
        initial = {
            "is_limited": link.is_limited,
            "applications": list(chosen),
            "until": _last_day(link),
        }
        super().__init__(*args, initial=initial, **kwargs)
        self.fields["applications"].queryset = offered(link)

    def clean_until(self) -> Any:
        """Refuse a day that is over: to stop a link now, it is paused."""
        until = self.cleaned_data["until"]
        if until and until < timezone.now().date():
            raise forms.ValidationError(
                _("This day is over. To stop the link now, pause it."), code="past"
            )
        return until

    def chosen(self) -> dict[str, Any]:
        """Return what idp.links.owner.limit takes."""
        data = self.cleaned_data
        until = data["until"]
        return {
            "applications": list(data["applications"]) if data["is_limited"] else None,
            "until": datetime.combine(until, time.max, UTC) if until else None,
        }


def offered(link: FederatedLink) -> Any:
    """Return the applications that could use a link, and those that did or are chosen."""
    able = Application.objects.filter(
        enabled=True, prioritize_local=True, grant_types__contains=grant_types.TOKEN_EXCHANGE
    )
    able = able.filter(connection_choice=Application.ConnectionChoice.ALL) | able.filter(
        connections=link.connection_id
    )
    known = {*link.uses.values_list("application", flat=True)}
    known |= {*link.limits.values_list("application", flat=True)}
    return (able | Application.objects.filter(pk__in=known)).distinct().order_by("name")


def _last_day(link: FederatedLink) -> Any:
    return link.expires_at.astimezone(UTC).date() if link.expires_at else None
