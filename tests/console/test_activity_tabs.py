"""What happened lately with a connection, an application or an account."""

import pytest
from django.db import transaction

from idp import audit
from idp.models import AuditEvent, ExchangeRecord
from tests.fixtures import change

ACTOR = audit.Actor("root")


@pytest.fixture
def happened(exchange, application, connection, alice):
    """Let an exchange and changes happen to everything, and to somebody else."""
    change(application, prioritize_local=True)
    exchange()
    ExchangeRecord.objects.create(subject="of-somebody-else")
    with transaction.atomic():
        for thing in (application, connection, alice):
            audit.record("x.updated", thing, before={}, after={"name": "new"}, actor=ACTOR)
    AuditEvent(
        target_kind="user", target_id="0", target_name="somebody else", action="user.updated"
    ).save()


def tab(kind: str, application, connection, alice) -> str:
    """Return where the activity of a thing is."""
    return {
        "connection": f"/console/connections/{connection.pk}/activity/",
        "application": f"/console/applications/{application.pk}/activity/",
        "user": f"/console/users/{alice.public_id}/activity/",
    }[kind]


@pytest.mark.parametrize("kind", ["connection", "application", "user"])
def test_shows_what_is_about_the_thing_and_leads_to_all_of_it(
    console, happened, application, connection, alice, kind
):
    response = console.get(tab(kind, application, connection, alice))

    page = response.content.decode()
    assert len(response.context["records"]) == len(response.context["events"]) == 1
    assert "of-somebody-else" not in page
    assert "somebody else" not in page
    for name in ("all_exchanges", "all_events"):
        address = response.context[name]
        assert f'href="{address}"'.replace("&", "&amp;") in page
        assert len(console.get(address).context["page"].rows) == 1


@pytest.mark.parametrize("kind", ["connection", "application", "user"])
def test_says_that_nothing_happened_yet(console, application, connection, alice, kind):
    page = console.get(tab(kind, application, connection, alice)).content.decode()

    assert "No exchange is recorded." in page
    assert "No change is recorded." in page


@pytest.mark.parametrize(
    "path",
    [
        "/console/connections/999/activity/",
        "/console/connections/999999999999999999999/activity/",
        "/console/applications/999/activity/",
        "/console/users/00000000-0000-0000-0000-000000000000/activity/",
    ],
)
def test_what_does_not_exist_is_not_found(console, path):
    assert console.get(path).status_code == 404


@pytest.mark.parametrize("kind", ["connection", "application", "user"])
def test_the_number_of_queries_does_not_grow(
    console, happened, application, connection, alice, kind, django_assert_max_num_queries
):
    for _ in range(20):
        ExchangeRecord.objects.create(application=application, connection=connection, user=alice)

    with django_assert_max_num_queries(7):
        console.get(tab(kind, application, connection, alice))
