"""The file before its content is looked at: YAML without its surprises."""

from pathlib import Path

import pytest

from idp.configuration.document import MAXIMUM_SIZE, parse, read
from idp.configuration.problems import ConfigurationRefused


@pytest.mark.parametrize(
    ("plain", "value"),
    [
        ("true", True),
        ("null", None),
        ("900", 900),
        ("-1", -1),
        ("1.5", 1.5),
        ("yes", "yes"),
        ("no", "no"),
        ("0123", "0123"),
        ("0x10", "0x10"),
        ("1_000", "1_000"),
        ("12:30", "12:30"),
        ("1e9", "1e9"),
        ("2026-01-01", "2026-01-01"),
        ("9" * 5000, "9" * 5000),
        ('"true"', "true"),
        ("'900'", "900"),
    ],
)
def test_a_word_means_what_it_looks_like(plain: str, value: object):
    found = parse(f"key: {plain}", {}).content["key"]

    assert (found, type(found)) == (value, type(value))


def test_the_environment_takes_the_place_of_a_whole_value():
    assert parse("key: ${NAME}", {"NAME": "true"}).content == {"key": "true"}


def test_a_dollar_sign_alone_is_text():
    assert parse("key: a$b$", {}).content == {"key": "a$b$"}


def test_the_line_of_a_missing_key_is_that_of_its_entry():
    document = parse("a:\n  - b: 1\n    c: 2\n", {})

    assert document.line(("a", 0, "c")) == 3
    assert document.line(("a", 0, "missing", "deeper")) == 2


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        pytest.param("a: &x 1\nb: *x", 1, "Anchors (&) and aliases (*)", id="anchor"),
        pytest.param("a: 1\nb: *x", 2, "Anchors (&) and aliases (*)", id="alias"),
        pytest.param("a: !!python/object:os.system x", 1, "Tags (", id="tag"),
        pytest.param("a: !!str x", 1, "Tags (", id="standard-tag"),
        pytest.param("a: 1\n? [b]\n: 2", 2, "A key is a plain word.", id="list-as-key"),
        pytest.param("a: 1\n---\nb: 2", 2, "Write one document", id="two-documents"),
        pytest.param("a: 1\n b: 2", 2, "This is not YAML", id="indentation"),
        pytest.param("a: [1", 2, "This is not YAML", id="unclosed"),
        pytest.param("a: \x01", 0, "This is not YAML", id="control-character"),
        pytest.param("", 1, "The file is empty.", id="empty"),
        pytest.param("# nothing", 1, "The file is empty.", id="comment-only"),
        pytest.param("[" * 100_000, 1, "The values are nested too deeply.", id="deep"),
    ],
)
def test_refuses(text: str, line: int, message: str):
    with pytest.raises(ConfigurationRefused) as refusal:
        parse(text, {})

    (problem,) = refusal.value.problems
    assert problem.message.startswith(message)
    assert (problem.line or line) == line


def test_a_key_stands_once_in_a_mapping():
    (problem,) = parse("a: 1\nb: 2\na: 3\n", {}).problems

    assert (problem.line, problem.path) == (3, ("a",))
    assert problem.message == "The key is there twice: it is also on line 1."


def test_text_that_no_encoding_can_hold_is_a_problem():
    (problem,) = parse("a: ${NAME}", {"NAME": "\udcff"}).problems

    assert problem.message == "This is not valid Unicode text."


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"\xff\xfea\x00", "agio.yaml:1: The file is not UTF-8 text."),
        (b"a: 1\nb: \xff", "agio.yaml:2: The file is not UTF-8 text."),
        (b"#" * (MAXIMUM_SIZE + 1), f"agio.yaml: The file is larger than {MAXIMUM_SIZE} bytes."),
    ],
)
def test_refuses_a_file_of(content: bytes, message: str, tmp_path: Path):
    file = tmp_path / "agio.yaml"
    file.write_bytes(content)

    with pytest.raises(ConfigurationRefused) as refusal:
        read(file)

    assert [problem.describe("agio.yaml") for problem in refusal.value.problems] == [message]


def test_refuses_a_directory(tmp_path: Path):
    with pytest.raises(ConfigurationRefused) as refusal:
        read(tmp_path)

    assert "Is a directory" in refusal.value.problems[0].message
