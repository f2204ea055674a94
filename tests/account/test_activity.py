"""What happened to my account, and to nobody else's."""

from datetime import timedelta

import pytest
from django.utils import timezone

from idp import audit
from idp.models import AuditEvent, ExchangeRecord
from tests.hostile_names import TEXTS, assert_harmless

PAGE = "/account/activity/"


@pytest.fixture
def use(application, connection):
    """Return a function that records a token for somebody."""

    def record(user, **more):
        return ExchangeRecord.objects.create(
            user=user,
            outcome="granted",
            application=application,
            connection=connection,
            subject="me@elsewhere",
            **more,
        )

    return record


def note(action: str, user, actor: audit.Actor) -> None:
    """Write an entry of the audit log about somebody."""
    AuditEvent.objects.create(
        action=action,
        target_kind="user",
        target_id=str(user.public_id),
        target_name=user.username,
        actor_name=actor.name,
        actor_id=actor.public_id,
    )


def test_shows_uses_and_changes(browser, owner, use):
    use(owner)
    note("user.link-paused", owner, audit.Actor(owner.username, str(owner.public_id)))
    note("user.disabled", owner, audit.Actor("root", "another-id"))

    page = browser.get(PAGE).content.decode()

    for text in ("Orders", "Acme Workforce", "me@elsewhere", "A link was paused", "by you"):
        assert text in page
    assert "The account was disabled" in page
    assert "root" not in page  # who of the administrators it was is not told


def test_other_people_are_not_there(browser, bob, use):
    use(bob)
    note("user.link-paused", bob, audit.Actor("bob", str(bob.public_id)))

    page = browser.get(PAGE).content.decode()

    assert "Not used yet" in page
    assert "paused" not in page


def test_what_was_refused_is_no_use(browser, owner, use):
    ExchangeRecord.objects.filter(pk=use(owner).pk).update(outcome="refused", reason="account.x")

    assert "Not used yet" in browser.get(PAGE).content.decode()


def test_older_uses_are_on_further_pages(browser, owner, use):
    now = timezone.now()
    for number in range(60):
        use(owner, at=now - timedelta(minutes=number))

    first = browser.get(PAGE)

    assert len(first.context["page"].rows) == 50
    second = browser.get(PAGE, {"after": first.context["page"].older})
    assert len(second.context["page"].rows) == 10


@pytest.mark.parametrize("text", TEXTS)
def test_texts_of_strangers_are_shown_as_text(browser, owner, use, text):
    ExchangeRecord.objects.filter(pk=use(owner).pk).update(subject=text)

    assert_harmless(browser.get(PAGE).content.decode(), text)
