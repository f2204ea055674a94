"""Old entries are forgotten, when and where the setting says so."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from idp.models import AuditEvent


@pytest.fixture
def of_days(add):
    """Return a function that adds entries of so many days, and forgets."""

    def run(*ages: int) -> list[str]:
        for age in ages:
            add(target_name=str(age), at=timezone.now() - timedelta(days=age))
        call_command("forget")
        return sorted(AuditEvent.objects.values_list("target_name", flat=True))

    return run


def test_entries_are_kept_for_two_years(of_days, settings, capsys):
    assert settings.KEEP_AUDIT_DAYS == 730
    assert of_days(0, 729, 730, 1000) == ["0", "729"]
    assert "audit events: 2" in capsys.readouterr().out


def test_entries_are_kept_for_as_long_as_the_setting_says(of_days, settings):
    settings.KEEP_AUDIT_DAYS = 31

    assert of_days(30, 31) == ["30"]


def test_entries_are_kept_for_ever_where_the_setting_is_0(of_days, settings):
    settings.KEEP_AUDIT_DAYS = 0

    assert of_days(10_000) == ["10000"]
