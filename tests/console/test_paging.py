"""Pages by key: every row once, in order, in both directions, whatever the address says."""

from datetime import timedelta

import pytest
from django.core.signing import Signer
from django.test import RequestFactory
from django.utils import timezone

from idp.console import paging
from idp.models import ExchangeRecord

NEWEST_FIRST = "-at"
ANOTHER_LIST = Signer(salt="idp.console.paging accounts.User username").sign_object(["ann", "1"])


@pytest.fixture
def records(db, monkeypatch):
    """Return seven attempts, three of them at the same moment, on pages of two."""
    monkeypatch.setattr(paging, "ROWS", 2)
    now = timezone.now()
    minutes = [0, 1, 2, 2, 2, 3, 4]
    made = [ExchangeRecord(at=now - timedelta(minutes=m), subject=str(m)) for m in minutes]
    ExchangeRecord.objects.bulk_create(made)
    return sorted(made, key=lambda row: (row.at, row.pk), reverse=True)


def page(**query):
    """Return the page at an address."""
    rows = ExchangeRecord.objects.all()
    return paging.page(RequestFactory().get("/", query), rows, NEWEST_FIRST)


def walk(found, direction):
    """Follow the links in one direction, and return the pages."""
    query = {"older": "after", "newer": "before"}[direction]
    pages = [found]
    while token := getattr(found, direction):
        found = page(**{query: token})
        pages.append(found)
    return pages


def test_walking_to_the_end_shows_every_row_once_in_order(records):
    pages = walk(page(), "older")

    assert [row for each in pages for row in each.rows] == records
    assert [bool(each.newer) for each in pages] == [False, True, True, True]


def test_walking_back_shows_the_same(records):
    last = walk(page(), "older")[-1]

    pages = walk(last, "newer")

    assert [row for each in reversed(pages) for row in each.rows] == records
    assert [bool(each.older) for each in pages] == [False, True, True, True]


@pytest.mark.parametrize("token", ["", "x", "a:b", "\0", ANOTHER_LIST])
@pytest.mark.parametrize("way", ["after", "before"])
def test_an_address_that_was_made_up_breaks_nothing(records, way, token):
    assert list(page(**{way: token}).rows) == records[:2]


def test_a_page_is_one_query_however_many_rows_there_are(records, django_assert_num_queries):
    with django_assert_num_queries(1):
        page(after=page.__name__)


def test_an_empty_list_has_no_way_on(db):
    found = page()

    assert (list(found.rows), found.older, found.newer) == ([], "", "")
