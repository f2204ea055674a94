"""One change in a request that otherwise succeeds, and what the client is told (RFC 8693 2.2.2)."""

import pytest

from idp.exchange import token_types
from idp.models import AccessToken, ExchangeRecord
from tests import keys
from tests.fixtures import change


@pytest.fixture
def refused(exchange):
    """Return a function that posts a changed exchange and returns (error, reason)."""

    def send(status: int = 400, **changes) -> tuple[str, str]:
        response = exchange(**changes)
        assert response.status_code == status, response.content
        assert response["Cache-Control"] == "no-store"
        assert not AccessToken.objects.exists()
        record = ExchangeRecord.objects.get()  # exactly one
        assert record.outcome == "refused"
        assert response.json()["error_uri"].endswith(f"/console/exchanges/{record.pk}/")
        assert response.json()["error"] == record.error
        assert response.json()["error_description"] == record.description
        return record.error, record.reason

    return send


@pytest.mark.parametrize(
    ("claims", "reason"),
    [
        pytest.param({"aud": "https://someone-else.example"}, "audience.not-us", id="audience"),
        pytest.param({"exp": 1}, "time.expired", id="expired"),
        pytest.param({"iss": "https://unknown.example"}, "issuer.unknown", id="issuer"),
        pytest.param({"iss": keys.ISSUER + "/"}, "issuer.unknown", id="issuer-with-slash"),
        pytest.param({"iss": "https://id.ours.example"}, "issuer.ourselves", id="our-own-issuer"),
        pytest.param({"signed_by": "mallory"}, "signature.invalid", id="signature"),
        pytest.param({"alg": "RS512"}, "algorithm.not-accepted", id="algorithm"),
        pytest.param({"sub": None}, "subject.missing", id="no-subject"),
    ],
)
def test_refuses_a_subject_token_with_the_wrong(refused, claims, reason):  # RP-07, D1
    assert refused(subject_token=keys.sign(**claims)) == ("invalid_request", reason)


@pytest.mark.parametrize("name", ["subject_token", "subject_token_type"])
def test_refuses_a_request_without(refused, name):  # TE-10
    assert refused(**{name: None}) == ("invalid_request", "request.missing-parameter")


@pytest.mark.parametrize("name", ["subject_token", "subject_token_type"])
def test_an_empty_value_is_an_absent_one(refused, name):  # TE-06
    assert refused(**{name: ""}) == ("invalid_request", "request.missing-parameter")


@pytest.mark.parametrize(
    "token_type",
    ["urn:ietf:params:oauth:token-type:saml2", "urn:ietf:params:oauth:token-type:refresh_token",
     "jwt", "urn:x", token_types.JWT.upper()],
)  # fmt: skip
def test_refuses_a_subject_token_type_that_is_not_supported(refused, token_type):  # TE-12
    reason = "token-type.subject-unsupported"
    assert refused(subject_token_type=token_type) == ("invalid_request", reason)


@pytest.mark.parametrize("token_type", ["urn:ietf:params:oauth:token-type:id_token", "jwt"])
def test_refuses_a_requested_token_type_that_is_not_supported(refused, token_type):  # TE-13
    reason = "token-type.requested-unsupported"
    assert refused(requested_token_type=token_type) == ("invalid_request", reason)


@pytest.mark.parametrize(
    "pair",
    [
        {"actor_token": "x", "actor_token_type": token_types.JWT},
        {"actor_token": "x"},
        {"actor_token_type": token_types.JWT},
    ],
    ids=["both", "token-alone", "type-alone"],
)
def test_an_actor_token_is_refused_never_ignored(refused, pair):  # TE-11
    error, reason = refused(**pair)

    assert error == "invalid_request"
    assert reason.startswith("request.actor-token")


def test_an_empty_actor_token_is_an_absent_one(exchange):  # TE-06
    assert exchange(actor_token="", actor_token_type="", audience="", scope="").status_code == 200


@pytest.mark.parametrize(
    ("typ", "token_type"),
    [
        ("at+jwt", token_types.ID_TOKEN),
        ("application/at+jwt", token_types.ID_TOKEN),
        ("AT+JWT", token_types.ID_TOKEN),
        *[(typ, token_types.JWT) for typ in ("dpop+jwt", "logout+jwt", "secevent+jwt", "kb+jwt",
          "oauth-id-jag+jwt", "client-authentication+jwt", "token-introspection+jwt", "")],
    ],
)  # fmt: skip
def test_refuses_a_token_of_another_kind_than_declared(refused, typ, token_type):  # ST-17, AT-052
    token = keys.sign(header={"typ": typ})
    expected = ("invalid_request", "token-type.contradiction")
    assert refused(subject_token=token, subject_token_type=token_type) == expected


@pytest.mark.parametrize("typ", [None, "JWT", "at+jwt", "application/at+jwt", "AT+JWT"])
def test_takes_the_usual_kinds_of_token_as_jwt(exchange, typ):  # AT-054
    assert exchange(subject_token=keys.sign(header={"typ": typ})).status_code == 200


@pytest.mark.parametrize("claim", ["nonce", "at_hash", "c_hash"])
def test_an_id_token_is_not_an_access_token(refused, exchange, claim):
    token = keys.sign(**{claim: "x"})
    expected = ("invalid_request", "token-type.contradiction")

    assert refused(subject_token=token, subject_token_type=token_types.ACCESS_TOKEN) == expected
    response = exchange(subject_token=token, subject_token_type=token_types.ID_TOKEN)
    assert response.status_code == 200


@pytest.mark.parametrize("target", ["https://other.example", "orders", "https://orders.ours"])
def test_refuses_a_target_that_is_not_allowed(refused, target):  # TE-15, RP-08
    assert refused(audience=target) == ("invalid_target", "target.not-allowed")


def test_one_forbidden_target_among_allowed_ones_is_refused(refused):  # TE-09
    targets = ["https://other.example", "https://orders.ours.example"]
    assert refused(audience=targets) == ("invalid_target", "target.not-allowed")


@pytest.mark.parametrize(
    "resource", ["/api", "api", "https://a/#f", "https://u:p@a/", "https://", "https://[", "a:b"]
)
def test_refuses_a_resource_that_is_not_an_absolute_uri(refused, resource):  # TE-14
    assert refused(resource=resource) == ("invalid_target", "target.malformed")


def test_refuses_a_scope_beyond_the_application(refused):  # TE-18
    scope = "orders.read orders.delete"
    assert refused(scope=scope) == ("invalid_scope", "scope.not-allowed")


@pytest.mark.parametrize(
    "scope", ['a"b', "a\\b", "a\nb", "a\x00b", "a\u00a0b", "é", "a  b", " a", "a ", " "]
)
def test_refuses_a_scope_outside_its_grammar(refused, scope):  # TE-17
    assert refused(scope=scope) == ("invalid_scope", "scope.malformed")


def test_refuses_a_connection_the_application_may_not_use(refused, application):  # TE-20
    change(application, connection_choice="selected")

    assert refused() == ("invalid_request", "connection.not-allowed")


def test_takes_a_connection_that_was_selected(exchange, application, connection):
    change(application, connection_choice="selected")
    application.connections.add(connection)

    assert exchange().status_code == 200


def test_refuses_a_disabled_connection_in_the_words_for_an_unknown_one(
    exchange, connection
):  # ST-10, AT-048
    unknown = exchange(subject_token=keys.sign(iss="https://unknown.example")).json()
    change(connection, enabled=False)

    disabled = exchange().json()

    assert disabled["error_description"] == unknown["error_description"]
    assert set(ExchangeRecord.objects.values_list("reason", flat=True)) == {
        "issuer.unknown",
        "issuer.disabled",
    }


def test_takes_the_alias_of_the_connection_for_our_name(exchange, connection):
    token = keys.sign(aud=["https://other.example", "urn:us"])
    assert exchange(subject_token=token).status_code == 400

    change(connection, alias="urn:us")

    assert exchange(subject_token=token).status_code == 200
