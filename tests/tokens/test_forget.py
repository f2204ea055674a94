"""What is past its date is deleted, and nothing else."""

from datetime import timedelta

from django.core.management import call_command
from django.utils import timezone

from connections.models import SpentToken
from idp import forget
from idp.models import AccessToken, ExchangeRecord, RefreshToken, TokenFamily
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


def test_works_in_batches(exchange, monkeypatch):
    monkeypatch.setattr(forget, "BATCH", 2)
    for _ in range(5):
        exchange()

    later = timezone.now() + timedelta(days=1)
    assert forget.forget(later)["access tokens"] == 5
