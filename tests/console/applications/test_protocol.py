"""The Protocol tab: grants, client authentication, keys, tokens, and every mistake there."""

import json
import re

import pytest

from applications import secrets
from applications.grant_types import CLIENT_CREDENTIALS, TOKEN_EXCHANGE
from applications.models import ClientKeySet
from connections import base64url
from idp.console.applications.durations import in_words
from idp.models import AuditEvent
from tests import keys
from tests.console.applications.conftest import actions, fields_of, reload, text_of
from tests.fixtures import SECRET, change

MADE = re.compile(r"agio_[\w-]{43}")
JWKS = keys.jwks("ES256", signed_by="orders")
KEYS = {"token_endpoint_auth_method": "private_key_jwt", "jwks": json.dumps(JWKS)}
PRIVATE = base64url.encode(b"a private exponent, which is never to be seen again")


@pytest.fixture
def path(application):
    return f"/console/applications/{application.pk}/protocol/"


def test_saving_what_is_shown_changes_nothing(save, path):
    assert save(path).status_code == 302
    assert actions() == []


def test_the_button_is_called_update(console, path):
    assert '<button class="btn btn-primary">Update</button>' in text_of(console.get(path))


def test_everything_can_be_changed(save, path, application):
    answer = save(
        path,
        grant_types=[TOKEN_EXCHANGE, CLIENT_CREDENTIALS],
        token_endpoint_auth_method="client_secret_post",
        token_format="opaque",
        signing_algorithm="EdDSA",
        access_token_lifetime="60",
        outlives_subject_token="on",
        refresh_token_lifetime="3600",
    )
    saved = reload(application)

    assert answer["Location"] == path
    assert saved.grant_types == {TOKEN_EXCHANGE, CLIENT_CREDENTIALS}
    assert saved.authentication_method == "client_secret_post"
    assert (saved.access_token_format, saved.signing_algorithm) == ("opaque", "EdDSA")
    assert (saved.access_token_lifetime, saved.refresh_token_lifetime) == (60, 3600)
    assert saved.outlives_subject_token
    assert saved.secret_digests() == application.secret_digests()
    assert actions() == ["application.updated"]


def test_a_switch_can_be_turned_off_and_grants_taken_away(save, path, application):
    change(application, outlives_subject_token=True)

    save(path, outlives_subject_token=None, grant_types=None)

    saved = reload(application)
    assert not saved.outlives_subject_token
    assert saved.grant_types == frozenset()


def test_lifetimes_are_also_told_in_words(console, path):
    page = text_of(console.get(path))

    assert "What is saved is 15 minutes." in page
    assert "What is saved is 1 day." in page


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(1, "1 second"), (61, "1 minute, 1 second"), (7200, "2 hours"), (90_000, "1 day, 1 hour"),
     (0, "0 seconds"), (31_536_000, "365 days")],
)  # fmt: skip
def test_seconds_are_said_as_people_say_them(seconds, words):
    assert in_words(seconds) == words


@pytest.mark.parametrize("field", ["access_token_lifetime", "refresh_token_lifetime"])
@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("0", "greater than or equal to 1"),
        ("-5", "greater than or equal to 1"),
        ("9" * 30, "less than or equal to"),
        ("9" * 5000, "Enter a whole number of seconds."),
        ("31536001", "less than or equal to"),
        ("1.5", "Enter a whole number of seconds."),
        ("soon", "Enter a whole number of seconds."),
        ("", "Enter a number of seconds."),
        ("6\0", "Enter a whole number of seconds."),
    ],
)
def test_a_lifetime_that_is_none_is_refused_at_its_field(
    save, path, application, field, typed, message
):
    answer = save(path, **{field: typed, "token_format": "opaque"})

    assert answer.status_code == 422
    (told,) = answer.context["form"].errors[field]
    assert message in told
    assert list(answer.context["form"].errors) == [field]
    assert fields_of(text_of(answer))["token_format"] == ["opaque"]  # what else was typed stays
    assert reload(application).access_token_format == "jwt"


@pytest.mark.parametrize(
    ("before", "changes", "field", "message"),
    [
        pytest.param(
            {"type": "single-page", "authentication_method": "none", "grant_types": frozenset()},
            {"grant_types": [TOKEN_EXCHANGE]},
            "grant_types", "A single-page application cannot use token exchange", id="single-page",
        ),
        pytest.param(
            {"type": "mobile", "authentication_method": "none"},
            {"grant_types": [CLIENT_CREDENTIALS]},
            "grant_types", "needs client authentication", id="public-client-credentials",
        ),
        pytest.param(
            {"type": "mobile", "authentication_method": "none"},
            {"token_endpoint_auth_method": "client_secret_basic"},
            "token_endpoint_auth_method", "cannot keep a secret", id="mobile-with-secret",
        ),
        pytest.param(
            {}, {"token_endpoint_auth_method": "none"},
            "token_endpoint_auth_method", "needs client authentication", id="server-without",
        ),
        pytest.param(
            {}, {"token_endpoint_auth_method": "private_key_jwt"},
            "jwks_uri", "Give the public keys", id="no-keys",
        ),
        pytest.param({}, {"grant_types": ["password"]},
                     "grant_types", "is not one of the available choices", id="unknown-grant"),
        pytest.param({}, {"token_endpoint_auth_method": "magic"},
                     "token_endpoint_auth_method", "magic is not one", id="unknown-method"),
        pytest.param({}, {"token_endpoint_auth_method": None},
                     "token_endpoint_auth_method", "Choose a method.", id="no-method"),
        pytest.param({}, {"signing_algorithm": "none"}, "signing_algorithm", "none is not one",
                     id="algorithm-none"),
        pytest.param({}, {"token_format": "saml"}, "token_format", "saml is not one", id="saml"),
        pytest.param({}, KEYS | {"jwks_uri": "http://orders.ours.example/jwks"},
                     "jwks_uri", "https", id="http"),
        pytest.param({}, KEYS | {"jwks_uri": "https://10.0.0.1/jwks"},
                     "jwks_uri", "address", id="private-network"),
        pytest.param({}, KEYS | {"jwks": "{"}, "jwks", "is not JSON", id="not-json"),
        pytest.param({}, KEYS | {"jwks": "[1]"}, "jwks", "is not a JSON object", id="list"),
        pytest.param({}, KEYS | {"jwks": '{"keys": 1}'}, "jwks", "Enter a JWK Set", id="no-list"),
        pytest.param({}, KEYS | {"jwks": '{"keys": [1]}'}, "jwks", "Enter a JWK Set", id="number"),
        pytest.param({}, KEYS | {"jwks": "[" * 5000}, "jwks", "nested", id="deep"),
        pytest.param({}, KEYS | {"jwks": '{"keys": [{"kty": "RSA"}]}'}, "jwks", "", id="half"),
        pytest.param({}, KEYS | {"jwks": "a\0b"}, "jwks", "is not JSON", id="nul"),
    ],
)  # fmt: skip
def test_each_mistake_is_told_at_its_field_and_nothing_is_saved(
    save, path, application, before, changes, field, message
):
    change(application, **before)
    earlier = reload(application).__dict__ | {"_state": None}

    answer = save(path, **changes)

    assert answer.status_code == 422
    assert message in " ".join(answer.context["form"].errors[field])
    assert "Nothing was saved yet" in text_of(answer)
    assert reload(application).__dict__ | {"_state": None} == earlier
    assert actions() == []


def test_keys_are_shown_with_what_is_usable_of_them(save, console, path, application):
    save(path, **KEYS)

    page = text_of(console.get(path))

    assert reload(application).secret_digest == ""  # the method needs none
    assert "<code>orders-ES256</code>" in page
    assert "EC" in page
    assert '<span class="ui-pill ui-pill-ok">Yes</span>' in page
    assert set(actions()) == {"application.updated", "application.secret-removed"}


def test_a_key_that_is_not_usable_says_why(save, path):
    weak = json.dumps(
        {"keys": [*JWKS["keys"], {"kty": "RSA", "kid": "weak", "n": "AQAB", "e": "AQAB"}]}
    )

    page = text_of(save(path, **KEYS | {"jwks": weak}))

    assert '<span class="ui-pill ui-pill-bad">No</span>' in page
    assert "<code>weak</code>" in page
    assert '<span class="ui-pill ui-pill-ok">Yes</span>' in page


@pytest.mark.parametrize(
    "pasted",
    [
        pytest.param(json.dumps({"keys": [keys.jwk("ES256") | {"d": PRIVATE}]}), id="jwks"),
        pytest.param(json.dumps(keys.jwk("RS256") | {"d": PRIVATE}), id="jwk"),
        pytest.param(json.dumps({"keys": [{"kty": "oct", "k": PRIVATE}]}), id="symmetric"),
        pytest.param(json.dumps({"keys": [{"kty": "EC", "d": PRIVATE}]})[:-4], id="cut"),
        pytest.param(f"{{'kty': 'EC', 'd': '{PRIVATE}'}}", id="python"),
        pytest.param(f'{{"keys": [{{"kty": "EC", "\\u0064": "{PRIVATE}"}}]}}', id="escaped"),
        pytest.param(f"-----BEGIN PRIVATE KEY-----\n{PRIVATE}", id="pem"),
    ],
)
def test_a_private_key_is_refused_and_not_sent_back(save, path, application, watch, pasted):
    watch.secrets.add(PRIVATE)  # looks into every table and the log at the end

    answer = save(path, **KEYS | {"jwks": pasted})

    assert answer.status_code == 422
    assert "Paste public keys only." in text_of(answer)
    assert PRIVATE not in text_of(answer)
    assert reload(application).jwks == []


def test_a_private_key_is_not_sent_back_either_where_somebody_else_saved(
    console, path, application
):
    fields = fields_of(text_of(console.get(path)))
    change(application, access_token_lifetime=60)
    pasted = json.dumps({"keys": [keys.jwk("ES256") | {"d": PRIVATE}]})

    answer = console.post(path, fields | {"jwks": pasted})

    assert answer.status_code == 409
    assert PRIVATE not in text_of(answer)


def test_what_was_read_from_the_url_is_shown(console, path, application):
    url = "https://orders.ours.example/jwks"
    change(application, authentication_method="private_key_jwt", jwks_uri=url, secret_digest="")
    assert "was not read yet" in text_of(console.get(path))
    ClientKeySet.objects.create(
        owner=application, jwks_uri=url, keys=JWKS["keys"], failure="It did <not> answer."
    )

    page = text_of(console.get(path))

    assert "<code>orders-ES256</code>" in page
    assert "It did &lt;not&gt; answer." in page


def test_a_secret_that_has_to_be_made_is_shown_once(save, console, path, application):
    save(path, **KEYS)

    answer = save(path, token_endpoint_auth_method="client_secret_basic")

    assert answer["Location"] == f"/console/applications/{application.pk}/secret/"
    (secret,) = set(MADE.findall(text_of(console.get(answer["Location"]))))
    assert secrets.matches(secret, reload(application).secret_digests())
    assert MADE.findall(text_of(console.get(answer["Location"]))) == []
    assert AuditEvent.objects.filter(action="application.secret-added").count() == 1


def test_a_secret_that_is_there_stays(save, path, application):
    assert save(path, token_endpoint_auth_method="client_secret_post")["Location"] == path

    assert secrets.matches(SECRET, reload(application).secret_digests())


def test_somebody_elses_change_is_not_overwritten(console, path, application):
    fields = fields_of(text_of(console.get(path)))
    change(application, access_token_lifetime=60)

    answer = console.post(path, fields | {"token_format": "opaque"})

    assert answer.status_code == 409
    assert reload(application).access_token_format == "jwt"
    assert reload(application).access_token_lifetime == 60
