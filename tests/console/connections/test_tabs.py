"""General and Signing keys of a connection that there is."""

import re
from datetime import timedelta

import pytest
from django.core import signing

from accounts.models import RemovedLink
from connections import jwks
from connections.models import Connection, KeySet
from connections.refusal import KeysUnavailable
from idp.models import AuditEvent
from tests import keys
from tests.console.conftest import save
from tests.console.connections.conftest import private_pem
from tests.fixtures import change


@pytest.fixture
def url(connection):
    """Return where the connection is."""
    return f"/console/connections/{connection.pk}/"


def general(**changes):
    """Return the tab General as it is sent."""
    return {
        "name": "Acme Workforce", "issuer": keys.ISSUER, "alias": "", "description": "",
    } | changes  # fmt: skip


def actions():
    return list(AuditEvent.objects.order_by("at").values_list("action", flat=True))


def test_general_shows_what_there_is_to_copy(console, url):
    page = console.get(url).content.decode()

    for shown in ("Acme Workforce", keys.ISSUER, "https://id.ours.example/oauth2/token", "curl"):
        assert shown in page


def test_general_saves_and_says_so(console, url, connection):
    page = save(console, url, general(description="Theirs."), follow=True)

    connection.refresh_from_db()
    assert connection.description == "Theirs."
    assert "Saved." in page.content.decode()
    assert actions() == ["connection.updated"]


def test_the_issuer_stays_while_accounts_are_linked(console, url, alice):
    page = save(console, url, general(issuer="https://else.example"))

    assert page.status_code == 422
    assert "Accounts are linked" in page.content.decode()
    assert 'value="https://else.example"' in page.content.decode()
    assert Connection.objects.get().issuer == keys.ISSUER


def test_the_issuer_stays_while_a_removed_link_is_remembered(console, url, connection, bob):
    """Else the owner's removal is forgotten: a new connection for the old issuer links again."""
    RemovedLink.objects.create(user=bob, connection=connection, subject="bob-at-acme")

    page = save(console, url, general(issuer="https://else.example"))

    assert page.status_code == 422
    assert "have removed links" in page.content.decode()
    assert Connection.objects.get().issuer == keys.ISSUER


def test_somebody_elses_change_is_not_overwritten(console, url, connection):
    version = console.get(url).context["form"].version
    change(connection, description="Hers.")

    page = console.post(url, general(description="Mine.", version=version))

    assert page.status_code == 409
    assert Connection.objects.get().description == "Hers."


def test_a_form_that_does_not_say_what_it_was_typed_over_is_a_conflict(console, url, connection):
    page = console.post(url, general(description="Mine."))

    assert page.status_code == 409
    assert Connection.objects.get().description == ""


def test_metadata_can_be_read_without_saving_or_losing_anything(console, url, connection, issuer):
    issuer.answers({"issuer": issuer.url, "jwks_uri": f"{issuer.url}/keys"})
    sent = general(issuer=issuer.url, name="Half typed", version="abc", action="discover")

    page = console.post(url, sent).content.decode()

    assert f"{issuer.url}/keys" in page
    assert 'value="Half typed"' in page
    assert 'name="version" value="abc"' in page  # what it was typed over, not what is saved by now
    assert Connection.objects.get().name == "Acme Workforce"


def test_signing_keys_change_to_a_url_and_back_and_lose_neither(console, url, connection):
    sent = {"key_source": "jwks", "jwks_uri": "https://login.acme.example/jwks"}
    save(console, f"{url}keys/", sent)
    connection.refresh_from_db()
    assert (connection.key_source, connection.certificates.count()) == ("jwks", 2)

    save(console, f"{url}keys/", {"key_source": "certificates"})

    connection.refresh_from_db()
    assert connection.key_source == "certificates"
    assert connection.jwks_uri == "https://login.acme.example/jwks"
    assert actions() == ["connection.updated", "connection.updated"]


def test_an_added_certificate_joins_the_others(console, url, connection):
    sent = {"key_source": "certificates", "certificates": keys.certificate("EdDSA")}

    page = save(console, f"{url}keys/", sent, follow=True).content.decode()

    assert connection.certificates.count() == 3
    assert "CN=acme EdDSA" in page
    assert actions() == ["connection.updated"]


def test_an_expired_certificate_is_not_added(console, url, connection):
    old = keys.certificate("EdDSA", starts=timedelta(days=-9), ends=timedelta(days=-2))

    page = save(console, f"{url}keys/", {"key_source": "certificates", "certificates": old})

    assert page.status_code == 422
    assert connection.certificates.count() == 2


@pytest.mark.parametrize("version", [{}, {"version": "of yesterday"}])
def test_a_private_key_is_on_no_page(console, url, connection, version):
    secret = private_pem()
    sent = {"key_source": "jwks", "jwks_uri": "https://a.example/jwks", "certificates": secret}

    page = console.post(f"{url}keys/", sent | version)

    assert page.status_code in (409, 422)
    assert secret.splitlines()[5] not in page.content.decode()


def test_a_certificate_is_removed(console, url, connection):
    first = connection.certificates.first()

    page = console.post(f"{url}keys/{first.pk}/remove/", follow=True)

    assert "Certificate removed." in page.content.decode()
    assert list(connection.certificates.all()) == [connection.certificates.get()]
    assert actions() == ["connection.updated"]


def test_the_last_certificate_is_not_removed(console, url, connection):
    connection.certificates.first().delete()
    last = connection.certificates.get()
    assert f"{url}keys/{last.pk}/remove/" not in console.get(f"{url}keys/").content.decode()

    page = console.post(f"{url}keys/{last.pk}/remove/", follow=True)

    assert "It is the last certificate" in page.content.decode()
    assert connection.certificates.count() == 1


def test_a_certificate_of_another_connection_is_not_removed(console, url, connection):
    other = Connection.objects.create(name="O", issuer="https://o.example", jwks_uri="https://o.e/")
    certificate = connection.certificates.first()

    answer = console.post(f"/console/connections/{other.pk}/keys/{certificate.pk}/remove/")

    assert answer.status_code == 404
    assert connection.certificates.count() == 2


@pytest.fixture
def fetched(console, connection, issuer):
    """Return a connection with a JWKS URL on loopback."""
    issuer.answers(keys.jwks("RS256", "ES256"))
    change(connection, key_source="jwks", jwks_uri=issuer.server.url)
    return connection


def test_keys_are_read_again_when_asked(console, url, fetched):
    page = console.post(f"{url}keys/refresh/", follow=True).content.decode()

    assert "The keys were read again." in page
    assert "acme-ES256" in page
    assert KeySet.objects.get().failure == ""
    event = AuditEvent.objects.get()
    assert (event.action, event.before) == ("connection.keys-refreshed", {})
    assert event.after == {
        "jwks_uri": fetched.jwks_uri,
        "key_ids": ["acme-RS256", "acme-ES256"],
    }


def test_a_fetch_that_fails_stays_on_the_page_and_not_in_a_toast(console, url, fetched, issuer):
    issuer.answers(b"<html>", "text/html")

    page = console.post(f"{url}keys/refresh/", follow=True).content.decode()

    assert "The last fetch failed" in page
    assert "not answer with JSON" in page
    assert "Failing" in page
    assert "read again" not in page
    assert "not answer with JSON" in AuditEvent.objects.get().after["failure"]


def test_what_was_not_fetched_is_not_written_down_as_fetched(console, url, fetched, monkeypatch):
    def busy(owner):
        raise KeysUnavailable("Every place is taken.", retry_after=1)

    monkeypatch.setattr(jwks, "refresh_now", busy)

    page = console.post(f"{url}keys/refresh/", follow=True).content.decode()

    assert "Every place is taken." in page
    assert not AuditEvent.objects.exists()


def test_keys_are_not_read_more_often_than_the_tools_may_be_used(console, url, fetched, issuer):
    for _number in range(31):
        page = console.post(f"{url}keys/refresh/", follow=True)

    assert "Wait a minute" in page.content.decode()
    assert len(issuer.server.requests) == 30


def test_a_url_can_be_tested_without_saving(console, url, fetched, issuer):
    sent = {"key_source": "jwks", "jwks_uri": issuer.url, "action": "test"}

    page = save(console, f"{url}keys/", sent).content.decode()

    assert "2 usable keys found" in page
    assert f'value="{issuer.url}"' in page
    assert Connection.objects.get().jwks_uri == issuer.server.url


@pytest.mark.parametrize("path", ["", "keys/"])
@pytest.mark.parametrize("key", ["4711", "9" * 40])
def test_a_connection_that_there_is_not_is_not_found(console, key, path):
    for send in (console.get, console.post):
        assert send(f"/console/connections/{key}/{path}").status_code == 404


@pytest.mark.parametrize("path", ["keys/refresh/", "keys/1/remove/"])
def test_buttons_answer_to_post_only(console, url, path):
    assert console.get(url + path).status_code == 405


@pytest.mark.parametrize("path", ["", "keys/", "keys/refresh/", "keys/1/remove/"])
def test_only_administrators_change_connections(client, bob, url, path):
    client.force_login(bob)

    assert client.post(url + path, general(name="Mine")).status_code == 403
    assert Connection.objects.get().name == "Acme Workforce"


def test_a_private_key_does_not_wait_for_the_next_session(client, url):
    secret = private_pem()

    page = client.post(f"{url}keys/", {"certificates": secret, "jwks_uri": "https://kept.example"})

    assert page.status_code == 401
    (kept,) = re.findall(r'name="kept"[^>]*value="([^"]+)"', page.content.decode())
    pairs = dict(signing.loads(kept, salt="idp.console.resend")["pairs"])
    assert pairs == {"jwks_uri": "https://kept.example"}
