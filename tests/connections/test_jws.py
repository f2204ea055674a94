"""Reading a compact JWS (ST-05 to ST-08, AT-020 to AT-022, AT-027 to AT-036)."""

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connections import base64url
from connections.jws import MAXIMUM_LENGTH, UnverifiedToken, numeric_date, parse, parse_compact
from connections.refusal import TokenRefused
from tests import keys

HEADER = {"alg": "RS256"}
CLAIMS = keys.claims()
GOOD = keys.compact(HEADER, CLAIMS)
DESCRIPTION = re.compile(r"[\x20-\x21\x23-\x5b\x5d-\x7e]{1,200}")


def refusal(text: str) -> TokenRefused:
    with pytest.raises(TokenRefused) as refused:
        parse(text)
    return refused.value


def header(octets: bytes) -> str:
    return keys.compact(octets, CLAIMS)


def payload(octets: bytes) -> str:
    return keys.compact(HEADER, octets)


def with_claim(text: str) -> bytes:
    return json.dumps(CLAIMS)[:-1].encode() + b', "extra": ' + text.encode() + b"}"


def test_a_good_token_is_taken_apart():
    token = parse(GOOD)

    assert token.header == HEADER
    assert token.claims == CLAIMS
    assert token.signing_input == GOOD.rpartition(".")[0].encode()
    assert token.signature == keys.ANY_SIGNATURE


def test_a_refusal_names_the_parameter_that_carried_the_token():
    with pytest.raises(TokenRefused) as refused:
        parse("no token", parameter="actor_token")

    assert refused.value.description.startswith("The actor_token is not a JWT")


def test_a_token_of_exactly_the_limit_is_read():
    blank = MAXIMUM_LENGTH - len(GOOD)
    fitting = keys.compact(HEADER, json.dumps(CLAIMS).encode() + b" " * (blank // 4 * 3))

    assert MAXIMUM_LENGTH - 8 < len(fitting) <= MAXIMUM_LENGTH
    assert parse(fitting).claims == CLAIMS


# AT-028
@pytest.mark.parametrize(
    "text",
    [
        pytest.param(
            keys.compact(HEADER, b" " * 12300 + json.dumps(CLAIMS).encode()), id="payload"
        ),
        pytest.param("." * 1_000_000, id="dots"),
        pytest.param("eyJ" * 3_000_000, id="letters"),
    ],
)
def test_refuses_as_too_long(text):
    assert refusal(text).reason == "format.too-long"


# ST-07, AT-021, AT-022, AT-034
@pytest.mark.parametrize(
    ("text", "reason"),
    [
        pytest.param("", "format.not-compact", id="nothing"),
        pytest.param("abc", "format.not-compact", id="one part"),
        pytest.param(GOOD.rpartition(".")[0], "format.not-compact", id="two parts"),
        pytest.param(GOOD + ".abcd", "format.not-compact", id="four parts"),
        pytest.param("a.b.c.d.e", "format.encrypted", id="five parts"),  # ST-29
        pytest.param(GOOD + "." * 1000, "format.not-compact", id="a thousand parts"),
        pytest.param(GOOD.rpartition(".")[0] + ".", "format.not-compact", id="no signature"),
        pytest.param(GOOD[GOOD.index(".") :], "format.not-compact", id="no header"),
        pytest.param(keys.compact(HEADER, b""), "format.bad-payload", id="no payload"),
        pytest.param(GOOD + "=", "format.not-base64url", id="padding"),
        pytest.param(GOOD[:-4] + "++//", "format.not-base64url", id="the standard alphabet"),
        pytest.param(GOOD + "\n", "format.not-base64url", id="line feed"),
        pytest.param(" " + GOOD, "format.not-base64url", id="space"),
        pytest.param("Bearer " + GOOD, "format.not-base64url", id="scheme"),
        pytest.param(GOOD.replace(".", "%2e"), "format.not-compact", id="percent"),
        pytest.param(GOOD.replace(".", "?.", 1), "format.not-base64url", id="question mark"),
        pytest.param(GOOD + "ü", "format.not-base64url", id="letter outside ASCII"),
        pytest.param(GOOD + "\ud800", "format.not-base64url", id="lone surrogate"),
        pytest.param(
            keys.compact(HEADER, CLAIMS, b"abc") + "A", "format.not-base64url", id="length"
        ),
        pytest.param(
            json.dumps({"payload": "e30", "signatures": []}), "format.not-compact", id="JSON"
        ),
    ],
)
def test_refuses_the_shape(text, reason):
    assert refusal(text).reason == reason


# AT-035
@pytest.mark.parametrize("part", range(3))
def test_refuses_unused_bits_in_the_last_character_of_a_part(part):
    parts = [base64url.encode(octets) for octets in (b'{"alg":"RS256"} ', b"{}  ", b"abcd")]
    assert len(parts[part]) % 4 == 2
    parse(".".join(parts))

    parts[part] = parts[part][:-1] + chr(ord(parts[part][-1]) + 1)

    assert refusal(".".join(parts)).reason == "format.not-base64url"


# ST-08, D11
BAD_JSON = [
    pytest.param(b"\xef\xbb\xbf%s", id="BOM"),  # AT-030
    pytest.param("%s".encode("utf-16"), id="UTF-16"),
    pytest.param(b"[%s]", id="list"),  # AT-032
    pytest.param(b"null", id="null"),
    pytest.param(b'"%s"', id="string"),
    pytest.param(b"1", id="number"),
    pytest.param(b" ", id="blank"),
    pytest.param(b"%s{}", id="two objects"),
    pytest.param(b"\xff", id="invalid UTF-8"),
    pytest.param(b"\xc0\xaf", id="overlong UTF-8"),
]


@pytest.mark.parametrize("text", BAD_JSON)
@pytest.mark.parametrize(("part", "good"), [(header, HEADER), (payload, CLAIMS)])
def test_refuses_a_part_that_is_not_a_json_object(part, good, text):
    octets = text.replace(b"%s", json.dumps(good).encode())
    if text == "%s".encode("utf-16"):
        octets = json.dumps(good).encode("utf-16")

    assert refusal(part(octets)).reason == f"format.bad-{part.__name__}"


BAD_VALUES = [
    pytest.param('1, "extra": 1', "twice", id="duplicate"),  # AT-027
    pytest.param('1, "\\u0065xtra": 1', "twice", id="duplicate in another spelling"),
    pytest.param('{"a": 1, "a": 1}', "twice", id="duplicate inside"),
    pytest.param("NaN", "NaN", id="NaN"),  # AT-037
    pytest.param("Infinity", "NaN", id="Infinity"),
    pytest.param("-Infinity", "NaN", id="minus Infinity"),
    pytest.param("1e400", "out of range", id="overflow"),
    pytest.param("9" * 33, "out of range", id="long integer"),
    pytest.param("9" * 10_000, "out of range", id="10,000 digits"),  # AT-033
    pytest.param("[" * 16 + "]" * 16, "deep", id="17 levels"),
    pytest.param('{"a":' * 16 + "1" + "}" * 16, "deep", id="17 objects"),
    pytest.param("[" * 11_000, "deep", id="11,000 arrays"),  # AT-029
    pytest.param('"\\ud800"', "surrogate", id="lone surrogate"),  # AT-031
    pytest.param('{"\\udc00": 1}', "surrogate", id="lone surrogate in a name"),
    pytest.param('"a\nb"', "not JSON", id="line feed in a string"),
    pytest.param("'a'", "not JSON", id="apostrophes"),
    pytest.param('"' + "[" * 20, "not JSON", id="unfinished string"),
]


@pytest.mark.parametrize(("text", "word"), BAD_VALUES)
def test_refuses_a_value_that_can_be_read_in_two_ways(text, word):
    refused = refusal(payload(with_claim(text)))

    assert refused.reason == "format.bad-payload"
    assert word in refused.description


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param("[" * 15 + "]" * 15, None, id="16 levels"),
        pytest.param('"%s"' % ("[{" * 20 + '\\"' * 9), "[{" * 20 + '"' * 9, id="brackets in text"),
        pytest.param('"\\ud83d\\ude00"', "😀", id="surrogate pair"),
        pytest.param('"{{7*7}} %(asctime)s"', "{{7*7}} %(asctime)s", id="template"),  # AT-036
        pytest.param("[[]" + ",[]" * 30 + "]", [[]] * 31, id="many lists side by side"),
        pytest.param("9" * 32, int("9" * 32), id="32 digits"),
    ],
)
def test_reads_the_value(text, value):
    extra = parse(payload(with_claim(text))).claims["extra"]

    assert value is None or extra == value


# ST-05, ST-06, ST-30, AT-006, AT-011, AT-012, AT-020
@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        *[
            pytest.param({"crit": crit, "x": 1}, "format.critical-extension", id=f"crit {crit}")
            for crit in (["exp"], ["x"], [], "b64", ["alg"], ["absent"], ["x", "x"], None, 1)
        ],
        pytest.param({"b64": False}, "format.unencoded-payload", id="b64 false"),
        pytest.param({"b64": True}, "format.unencoded-payload", id="b64 true"),
        *[
            pytest.param({"alg": alg}, "format.algorithm", id=f"alg {alg}")
            for alg in (None, 1, ["RS256"], {}, True)
        ],
        *[
            pytest.param({"kid": kid}, "format.key-id", id=f"kid {str(kid)[:9]}")
            for kid in (None, 123, ["a"], {}, "k" * 257)
        ],
        *[pytest.param({"typ": typ}, "format.type", id=f"typ {typ}") for typ in (None, 1, ["JWT"])],
    ],
)
def test_refuses_the_header(changes, reason):
    assert refusal(keys.compact(HEADER | changes, CLAIMS)).reason == reason


def test_refuses_a_header_without_alg():
    assert refusal(keys.compact({"kid": "1"}, CLAIMS)).reason == "format.algorithm"


# AT-020: untrusted text, and only text
@pytest.mark.parametrize("kid", ["../../dev/null", "' UNION SELECT 'k", "%00", "\x00", "k" * 256])
def test_reads_any_text_as_kid(kid):
    assert parse(keys.compact(HEADER | {"kid": kid}, CLAIMS)).header["kid"] == kid


def test_what_is_found_is_shown_short_and_inert():
    found = refusal(keys.compact(HEADER | {"kid": "\u202e\r\n" + "k" * 9000}, CLAIMS)).found

    assert found.startswith("\\u202e\\u000d\\u000ak")
    assert len(found) <= 201


@pytest.mark.parametrize("value", [0, 1, 1.5, 1.5e9, 253402300799])
def test_a_numeric_date_is(value):
    assert numeric_date(value) == value


# ST-16, AT-037 to AT-039
@pytest.mark.parametrize(
    "value",
    [
        True,
        None,
        "9999999999",
        [1],
        {},
        float("nan"),
        float("inf"),
        -1,
        253402300800,
        2**53,
        10**30,
    ],
)
def test_a_numeric_date_is_not(value):
    with pytest.raises(ValueError, match=r"not a number|out of range"):
        numeric_date(value)


def test_a_jws_may_carry_what_a_jwt_may_not():
    assert parse_compact(keys.compact(HEADER, b"foo")).payload == b"foo"


PIECES = st.sampled_from(
    [b"{", b"}", b"[", b"]", b'"', b"\\", b":", b",", b"\\ud800", b"1e999", b"a"]
)
JUNK = st.one_of(st.binary(), st.lists(PIECES, max_size=80).map(b"".join))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda values: st.lists(values) | st.dictionaries(st.text(), values),
)


@given(
    st.one_of(
        st.text(),
        st.builds(lambda *parts: ".".join(map(base64url.encode, parts)), JUNK, JUNK, JUNK),
        st.builds(keys.compact, st.just(HEADER), JUNK),
        st.builds(keys.compact, JSON, JSON),
        st.builds(
            lambda more: keys.compact(HEADER | more, CLAIMS), st.dictionaries(st.text(), JSON)
        ),
    )
)
def test_any_text_is_a_token_or_a_refusal(text):
    try:
        token = parse(text)
    except TokenRefused as refused:
        answer = refused
    else:
        assert isinstance(token, UnverifiedToken)
        return

    assert answer.reason.startswith("format.")
    assert DESCRIPTION.fullmatch(answer.description)
    assert len(answer.found) <= 201
    assert answer.found == "" or answer.found.isprintable()
