"""What is past its date is deleted, and nothing else."""

from datetime import timedelta

from django.core.management import call_command
from django.utils import timezone

from applications.models import SpentAssertion
from connections.models import SpentToken
from idp import forget
from idp.models import (
    AccessToken,
    ExchangeRecord,
    FailedAttempts,
    RefreshToken,
    TokenFamily,
)
from tests import keys
from tests.fixtures import change


def test_forgets_what_is_past_its_date_and_keeps_the_rest(
    exchange, application, connection, settings, capsys
):
    change(application, grant_types=application.grant_types | {"refresh_token"})
    change(connection, one_time_tokens=True)
    for number in range(4):
        exchange(subject_token=keys.sign(jti=str(number)))
    now = timezone.now()
    half = [row.pk for row in AccessToken.objects.all()[:2]]
    AccessToken.objects.filter(pk__in=half).update(expires_at=now)
    TokenFamily.objects.filter(access_tokens__in=half).update(expires_at=now)
    SpentToken.objects.filter(pk=SpentToken.objects.first().pk).update(forget_after=now)
    old = now - timedelta(days=settings.KEEP_RECORDS_DAYS)
    ExchangeRecord.objects.filter(pk=ExchangeRecord.objects.first().pk).update(at=old)

    call_command("forget")

    assert AccessToken.objects.count() == RefreshToken.objects.count() == 2
    assert SpentToken.objects.count() == ExchangeRecord.objects.count() == 3
    assert "access tokens: 2" in capsys.readouterr().out


def test_forgets_client_assertions_and_failures_when_they_do_not_count_any_more(application):
    now = timezone.now()
    later = now + timedelta(seconds=1)
    for name, when in (("over", now), ("alive", later)):
        SpentAssertion.objects.create(application=application, token_id=name, forget_after=when)
        FailedAttempts.objects.create(key=name, failures=1, ends_at=when)

    gone = forget.forget(now)

    assert gone["client assertions"] == gone["failed authentications"] == 1
    assert SpentAssertion.objects.get().token_id == FailedAttempts.objects.get().key == "alive"


def test_records_are_kept_for_ninety_days_unless_somebody_says_otherwise(settings):
    assert settings.KEEP_RECORDS_DAYS == 90


def test_works_in_batches(exchange, monkeypatch):
    monkeypatch.setattr(forget, "BATCH", 2)
    for _ in range(5):
        exchange()

    later = timezone.now() + timedelta(days=1)
    assert forget.forget(later)["access tokens"] == 5
