"""Ending a token before its time (RFC 7009)."""

from urllib.parse import quote_plus

from idp.models import AccessToken, TokenFamily
from tests.fixtures import SECRET, change

AS_BILLING = (quote_plus("https://billing.ours.example"), SECRET)


def test_a_revoked_access_token_is_inactive_at_once(revoke, introspect, exchange, application):
    first, second = (exchange().json()["access_token"] for _ in range(2))

    response = revoke(first)

    assert (response.status_code, response.content) == (200, b"")
    assert introspect(first) == {"active": False}
    assert introspect(second)["active"] is True


def test_an_opaque_token_too(revoke, introspect, exchange, application):
    change(application, access_token_format="opaque")
    token = exchange().json()["access_token"]

    revoke(token)

    assert introspect(token) == {"active": False}


def test_a_revoked_refresh_token_takes_its_family_along(
    revoke, introspect, refresh, exchange, every_grant
):  # IR-12, IR-14
    first = exchange().json()
    second = refresh(first["refresh_token"]).json()

    revoke(second["refresh_token"])

    assert refresh(second["refresh_token"]).json()["error"] == "invalid_grant"
    for answer in (first, second):
        assert introspect(answer["access_token"]) == {"active": False}
        assert introspect(answer["refresh_token"]) == {"active": False}


def test_somebody_elses_token_is_left_alone(revoke, introspect, exchange, every_grant, billing):
    answer = exchange().json()

    for name in ("access_token", "refresh_token"):
        assert revoke(answer[name], auth=AS_BILLING).status_code == 200  # D3, IR-11
        assert introspect(answer[name])["active"] is True


def test_an_unknown_token_is_a_success(revoke, application):  # IR-10
    assert revoke("unknown").status_code == 200
    assert revoke("\x00").status_code == 200


def test_twice_is_a_success_and_does_not_move_the_time(revoke, exchange, application):
    token = exchange().json()["access_token"]

    revoke(token)
    when = AccessToken.objects.get().revoked_at
    assert revoke(token).status_code == 200

    assert AccessToken.objects.get().revoked_at == when


def test_a_family_that_ended_does_not_end_again(revoke, exchange, every_grant):
    token = exchange().json()["refresh_token"]

    revoke(token)
    when = TokenFamily.objects.get().revoked_at
    revoke(token)

    assert when is not None
    assert TokenFamily.objects.get().revoked_at == when


def test_who_does_not_authenticate_ends_nothing(post, revoke, introspect, exchange, application):
    token = exchange().json()["access_token"]

    assert revoke(token, auth=("orders", "wrong")).status_code == 401  # IR-09
    assert post("/oauth2/revoke", {}).status_code == 400
    assert introspect(token)["active"] is True
