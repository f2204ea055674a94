"""The claims of a token whose signature is good (ST-09 to ST-16, AT-037 to AT-043)."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connections.jws import UnverifiedToken, parse
from connections.refusal import TokenRefused
from connections.verification import TrustedIssuer, verify
from tests import keys

NOW = 1_800_000_000
ALIAS = "agio"
ACME = TrustedIssuer(
    issuer=keys.ISSUER,
    audiences=frozenset({keys.AUDIENCE, ALIAS}),
    algorithms=frozenset({"RS256"}),
    clock_skew=30,
    maximum_age=3600,
)
KEYS = [keys.verification_key()]


def sign(**changes):
    return parse(keys.sign(**{"exp": NOW + 300, "iat": NOW} | changes))


def accepts(*, issuer=ACME, **changes):
    return verify(sign(**changes), issuer, KEYS, now=NOW)


def refusal(*, issuer=ACME, token=None, **changes):
    with pytest.raises(TokenRefused) as refused:
        verify(token or sign(**changes), issuer, KEYS, now=NOW)
    return refused.value


def with_claim(name, value):
    """Sign a token with a claim that is there even when it is null."""
    claims = keys.claims(exp=NOW + 300, iat=NOW) | {name: value}
    return parse(keys.sign(payload=json.dumps(claims).encode()))


def test_a_good_token_proves_its_claims():
    claims = accepts(email="alice@acme.example")

    assert claims == {
        "iss": keys.ISSUER,
        "sub": keys.SUBJECT,
        "aud": keys.AUDIENCE,
        "exp": NOW + 300,
        "iat": NOW,
        "email": "alice@acme.example",
    }


def test_a_refusal_names_the_parameter_that_carried_the_token():
    token = parse(keys.sign(exp=1), parameter="actor_token")

    assert refusal(token=token).description == "The actor_token has expired."


def test_nothing_is_believed_before_the_signature():
    assert refusal(signed_by="mallory", header={"kid": "acme-RS256"}, exp=1, aud="x").reason == (
        "signature.invalid"
    )


# ST-02
@pytest.mark.parametrize("iss", ["https://login.acme.example/", "x", [keys.ISSUER], 1])
def test_refuses_a_token_of_another_issuer(iss):
    assert refusal(token=with_claim("iss", iss)).reason == "issuer.mismatch"


# ST-14, AT-041, D12
@pytest.mark.parametrize("exp", [NOW + 1, NOW, NOW - 29, NOW - 29.5, NOW + 10**6])
def test_a_token_is_good_until_it_expires(exp):
    assert accepts(exp=exp)["exp"] == exp


@pytest.mark.parametrize("exp", [NOW - 30, NOW - 31, 0, 1])
def test_refuses_an_expired_token(exp):
    assert refusal(exp=exp).reason == "time.expired"


# D12
def test_without_skew_a_token_expires_at_its_exp():
    strict = replace(ACME, clock_skew=0)

    assert accepts(issuer=strict, exp=NOW + 1)
    assert refusal(issuer=strict, exp=NOW).reason == "time.expired"


# AT-040
def test_refuses_a_token_without_exp():
    assert refusal(exp=None).reason == "time.no-expiry"


# ST-16, AT-037 to AT-039
@pytest.mark.parametrize("claim", ["exp", "nbf", "iat"])
@pytest.mark.parametrize(
    "value", ["9999999999", True, None, [1], {}, -1, 2**53, 10**30, 253402300800]
)
def test_refuses_a_time_that_is_no_numeric_date(claim, value):
    refused = refusal(token=with_claim(claim, value))

    assert refused.reason == "time.malformed"
    assert claim in refused.description


@pytest.mark.parametrize("claim", ["exp", "nbf", "iat"])
@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_refuses_a_time_that_no_clock_shows(claim, value):
    token = sign()
    token = replace(token, claims=token.claims | {claim: value})

    assert refusal(token=token).reason == "time.malformed"


# ST-15, AT-042
@pytest.mark.parametrize("nbf", [NOW, NOW + 30, 0])
def test_accepts_a_token_whose_time_has_come(nbf):
    assert accepts(nbf=nbf)["nbf"] == nbf


@pytest.mark.parametrize("nbf", [NOW + 31, NOW + 300])
def test_refuses_a_token_before_its_time(nbf):
    assert refusal(nbf=nbf).reason == "time.not-yet-valid"


@pytest.mark.parametrize("iat", [NOW + 30, NOW - 3600, NOW - 3630, NOW - 0.5])
def test_accepts_a_token_that_is_young_enough(iat):
    assert accepts(iat=iat)["iat"] == iat


@pytest.mark.parametrize("iat", [NOW + 31, NOW + 600])
def test_refuses_a_token_from_the_future(iat):
    assert refusal(iat=iat).reason == "time.issued-in-future"


# AT-043
@pytest.mark.parametrize("iat", [NOW - 3631, NOW - 30 * 86400, 0])
def test_refuses_a_token_that_is_too_old(iat):
    assert refusal(iat=iat, exp=NOW + 10 * 365 * 86400).reason == "time.too-old"


def test_a_token_need_not_say_when_it_was_issued():
    assert "iat" not in accepts(iat=None)


# ST-11, AT-045, AT-046
@pytest.mark.parametrize(
    "sub", ["a", "s" * 255, "Alice", "alice", "a b", "Jose\u0301", "😀", "a\u202e"]
)
def test_accepts_the_subject_as_it_is(sub):
    assert accepts(sub=sub)["sub"] == sub


def test_refuses_a_token_about_nobody():
    assert refusal(sub=None).reason == "subject.missing"


# AT-031
@pytest.mark.parametrize(
    "sub",
    [
        "",
        " ",
        "\t",
        123,
        True,
        None,
        ["a"],
        {},
        "s" * 256,
        "s" * 10240,
        "a\0",
        "a\nb",
        "\x85",
        "\x7f",
    ],
)
def test_refuses_the_subject(sub):
    assert refusal(token=with_claim("sub", sub)).reason == "subject.malformed"


def test_refuses_half_a_character_in_the_subject():
    token = sign()
    token = replace(token, claims=token.claims | {"sub": "a\ud800"})

    assert refusal(token=token).reason == "subject.malformed"


# ST-12, AT-050
@pytest.mark.parametrize(
    "aud",
    [keys.AUDIENCE, [keys.AUDIENCE], ["https://other.example", keys.AUDIENCE], ALIAS, [ALIAS]],
)
def test_accepts_a_token_for_us(aud):
    assert accepts(aud=aud)["aud"] == aud


# AT-049
@pytest.mark.parametrize(
    "aud",
    [
        *(
            "",
            "https://other.example",
            keys.AUDIENCE + " ",
            keys.AUDIENCE + "/",
            keys.AUDIENCE[:-1],
        ),
        *(keys.AUDIENCE.upper(), f"{keys.AUDIENCE},x", "AGIO", [], [""], ["x", "y"], [ALIAS + " "]),
    ],
)
def test_refuses_a_token_for_somebody_else(aud):
    refused = refusal(aud=aud)

    assert refused.reason == "audience.not-us"
    assert ALIAS not in refused.description.split()


@pytest.mark.parametrize("aud", [1, True, None, {}, [1, keys.AUDIENCE], [[keys.AUDIENCE]], [None]])
def test_refuses_an_audience_that_is_no_text(aud):
    assert refusal(token=with_claim("aud", aud)).reason == "audience.malformed"


def test_refuses_a_token_for_nobody():
    assert refusal(aud=None).reason == "audience.missing"


@pytest.mark.parametrize("aud", [keys.AUDIENCE, "", [], [""]])
def test_an_issuer_that_may_not_address_us_never_does(aud):
    nobody = replace(ACME, audiences=frozenset())

    assert refusal(issuer=nobody, aud=aud).reason == "audience.not-us"


# ST-24
@pytest.mark.parametrize("jti", ["a", "j" * 256])
def test_accepts_the_token_id(jti):
    assert accepts(jti=jti)["jti"] == jti


@pytest.mark.parametrize("jti", ["", " ", 1, None, ["a"], "j" * 257, "a\0"])
def test_refuses_a_token_id_that_cannot_be_remembered(jti):
    assert refusal(token=with_claim("jti", jti)).reason == "replay.malformed"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda values: st.lists(values, max_size=3) | st.dictionaries(st.text(), values, max_size=3),
)
NAMES = st.sampled_from(["iss", "sub", "aud", "exp", "nbf", "iat", "jti", "email"])


@given(st.dictionaries(NAMES, JSON))
def test_any_claims_are_proved_or_refused(changes):
    good = sign()
    token = UnverifiedToken(good.header, good.claims | changes, good.signing_input, good.signature)

    try:
        claims = verify(token, ACME, KEYS, now=NOW)
    except TokenRefused as refused:
        answer = refused
    else:
        assert claims["iss"] == keys.ISSUER
        return

    assert answer.found == "" or answer.found.isprintable()
    assert not set(answer.description) & {'"', "\\"}
