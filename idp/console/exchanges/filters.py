"""What the list of exchanges can be narrowed to; all of it stands in the address."""

from datetime import UTC, datetime
from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.names import canonical, search_key
from applications.models import Application
from connections.models import Connection
from idp.console.periods import PERIODS
from idp.console.reasons import BY_CHECK, REASONS
from idp.models import ExchangeRecord

CHOICES_SHOWN = 100


class ThingChoice(forms.ModelChoiceField):
    """One of many: the first hundred by name, and the one that the address names."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.widget.attrs["aria-label"] = self.label

    def offer(self, chosen: str | None) -> None:
        """Write the choices, without reading a million rows for them."""
        names = list(self.queryset.values_list("pk", "name").order_by("name")[:CHOICES_SHOWN])
        if chosen and chosen.isdecimal() and all(str(pk) != chosen for pk, _name in names):
            names += self.queryset.filter(pk=chosen[:18]).values_list("pk", "name")
        self.widget.choices = [("", self.empty_label), *names]


class ThingFilter(django_filters.ModelChoiceFilter):
    """A filter by one of many."""

    field_class = ThingChoice


class MomentField(django_filters.fields.IsoDateTimeField):
    """A time, and one that a database can hold: no first or last day of all, moved to UTC."""

    def clean(self, value: Any) -> datetime | None:
        """Return the time in UTC."""
        try:
            moment = super().clean(value)
            return moment.astimezone(UTC) if moment else None
        except OverflowError:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None


class MomentFilter(django_filters.IsoDateTimeFilter):
    """A filter by a time."""

    field_class = MomentField


class ExchangeFilter(django_filters.FilterSet):
    """Result, reason, application, connection, user and time."""

    result = django_filters.ChoiceFilter(
        choices=ExchangeRecord.Outcome.choices, method="by_result", empty_label=_("Any result")
    )
    reason = django_filters.ChoiceFilter(
        choices=sorted((BY_CHECK | REASONS).items(), key=lambda pair: str(pair[1])),
        method="by_reason",
        empty_label=_("Any reason"),
    )
    application = ThingFilter(
        queryset=Application.objects.all(), label=_("Application"), empty_label=_("Any application")
    )
    connection = ThingFilter(
        queryset=Connection.objects.all(), label=_("Connection"), empty_label=_("Any connection")
    )
    period = django_filters.ChoiceFilter(
        choices=[(name, label) for name, (label, _span) in PERIODS.items()],
        method="by_period",
        empty_label=_("Any time"),
    )
    user = django_filters.CharFilter(method="by_user", label=_("Username or e-mail address"))
    since = MomentFilter(field_name="at", lookup_expr="gte", label=_("From"))
    until = MomentFilter(field_name="at", lookup_expr="lt", label=_("Until"))

    class Meta:
        """Only what is named above."""

        model = ExchangeRecord
        fields: list[str] = []

    @cached_property
    def form(self) -> forms.Form:
        """Return the form, with the choices that there are."""
        form = super().form
        for name in ("application", "connection"):
            form.fields[name].offer(self.data.get(name))
        for name in ("since", "until"):
            form.fields[name].widget.input_type = "text"
            form.fields[name].widget.attrs["placeholder"] = "2026-11-23T10:00"
        return form

    def by_result(self, records: QuerySet[Any], _name: str, result: str) -> QuerySet[Any]:
        """Keep what ended so; where no token was issued, in the words of that index."""
        narrowed = records.filter(outcome=result)
        if result == ExchangeRecord.Outcome.GRANTED:
            return narrowed
        return narrowed.exclude(outcome=ExchangeRecord.Outcome.GRANTED)

    def by_reason(self, records: QuerySet[Any], _name: str, reason: str) -> QuerySet[Any]:
        """Keep what was refused for the reason, or by the check."""
        failed = records.exclude(outcome=ExchangeRecord.Outcome.GRANTED)
        if "." in reason:
            return failed.filter(reason=reason)
        return failed.filter(reason__gte=f"{reason}.", reason__lt=f"{reason}/")

    def by_period(self, records: QuerySet[Any], _name: str, period: str) -> QuerySet[Any]:
        """Keep what happened lately."""
        return records.filter(at__gte=timezone.now() - PERIODS[period][1])

    def by_user(self, records: QuerySet[Any], _name: str, name: str) -> QuerySet[Any]:
        """Keep what was for the people of that name or address."""
        key, same = search_key(name), canonical(name)
        found = User.objects.filter(Q(username_key=key) | Q(email_key=key))[:10]
        # A key only finds candidates: who merely looks alike is somebody else.
        people = [u.pk for u in found if same in (canonical(u.username), canonical(u.email))]
        return records.filter(user_id__in=people)
