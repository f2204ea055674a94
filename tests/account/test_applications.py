"""What I agreed to, and taking it back."""

import pytest

from idp.models import AuditEvent, Consent
from tests.hostile_names import TEXTS, assert_harmless

PAGE = "/account/applications/"


@pytest.fixture
def consent(owner, application):
    """Return that the owner agreed to an application."""
    return Consent.objects.create(user=owner, application=application, scope="openid email")


def test_shows_what_i_agreed_to_and_takes_it_back(browser, consent):
    page = browser.get(PAGE).content.decode()
    assert "Orders" in page
    assert "See your e-mail address" in page

    assert browser.post(f"{PAGE}{consent.pk}/").headers["Location"] == PAGE

    assert not Consent.objects.exists()
    assert AuditEvent.objects.get().action == "user.consent-withdrawn"
    assert "No application signs you in" in browser.get(PAGE).content.decode()


def test_somebody_elses_is_not_there(browser, consent, bob):  # AT-133
    consent.user = bob
    consent.save()

    assert "Orders" not in browser.get(PAGE).content.decode()
    assert browser.post(f"{PAGE}{consent.pk}/").status_code == 404
    assert Consent.objects.exists()


@pytest.mark.parametrize("text", TEXTS[:-1])
def test_names_are_shown_as_text(browser, consent, application, text):
    type(application).objects.update(name=text)

    assert_harmless(browser.get(PAGE).content.decode(), text)
