"""Each mistake is named by file, line and field, and none of them is a traceback."""

from pathlib import Path

import pytest

from idp.management.commands.apply import Command
from tests.configuration.conftest import EXAMPLE, Apply, Refused


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("RS256,", "RS265,", "7: connections[0].algorithms[0]: “RS265” is not one of:"),
        ("[RS256, ES256]", "RS256", "7: connections[0].algorithms: Enter a list"),
        ("[RS256, ES256]", "[]", "7: connections[0].algorithms: "),
        (
            "one_time_tokens: false",
            "one_time_tokens: no",
            "8: connections[0].one_time_tokens: Enter true",
        ),
        (
            "one_time_tokens:",
            "one_time_token:",
            "8: connections[0].one_time_token: There is no such key. Did you mean “one_time_",
        ),
        (
            "secondary: username",
            "secondary: email",
            "9: connections[0].implicit_linking.secondary: Choose two",
        ),
        (
            "primary: email, secondary: username,",
            "",
            "9: connections[0].implicit_linking.primary: Choose the primary",
        ),
        (
            "primary: email",
            "primary: e-mail",
            "9: connections[0].implicit_linking.primary: “e-mail” is not one of: username, e",
        ),
        (
            "https://login.acme.example/jwks",
            "http://login.acme.example/jwks",
            "5: connections[0].jwks_uri: Enter a URL that starts with https://",
        ),
        (
            "jwks_uri: https://login.acme.example/jwks",
            "",
            "2: connections[0].jwks_uri: Enter the JWKS URL, or upload",
        ),
        (
            "issuer: https://login.acme.example",
            "issuer: https://id.ours.example",
            "3: connections[0].issuer: This is our own issuer",
        ),
        (
            "issuer: https://login.acme.example\n",
            "\n",
            "2: connections[0].issuer: This field is required.",
        ),
        (
            "alias: https://id.ours.example",
            "alias:",
            "4: connections[0].alias: Give it a value, or leave the key out.",
        ),
        (
            "grant_types: [token-exchange,",
            "grant_types: [token_exchange,",
            "15: applications[0].grant_types[0]: “token_exchange” is not one of",
        ),
        (
            "traditional-web",
            "traditional-web\n    name: Again",
            "15: applications[0].name: The key is there twice",
        ),
        (
            "traditional-web",
            "single-page\n    token_endpoint_auth_method: none",
            "16: applications[0].grant_types: A single-page application cannot use token exc",
        ),
        (
            "traditional-web",
            "traditional-web\n    token_endpoint_auth_method: none",
            "15: applications[0].token_endpoint_auth_method: This type of application needs",
        ),
        ("type: traditional-web", "type: web", "14: applications[0].type: “web” is not one of"),
        (
            "connections: all",
            "connections: every",
            "16: applications[0].connections: Enter “all”, or a list",
        ),
        (
            "connections: all",
            "connections: [Acme]",
            "16: applications[0].connections[0]: There is no connection “Acme”.",
        ),
        (
            "prioritize_local: true, mandate: false",
            "prioritize_local: false, mandate: true",
            "17: applications[0].linked_accounts.mandate: Mandating",
        ),
        (
            "{prioritize_local: true, mandate: false}",
            "yes",
            "17: applications[0].linked_accounts: Enter keys and values here.",
        ),
        ("[orders.read]", "['orders read']", "19: applications[0].scopes: "),
        ("[orders.read]", "[[orders.read]]", "19: applications[0].scopes[0]: Enter text"),
        (
            "lifetime: 900",
            'lifetime: "900"',
            "21: applications[0].access_token.lifetime: Enter a whole number",
        ),
        (
            "lifetime: 900",
            "lifetime: 900.5",
            "21: applications[0].access_token.lifetime: Enter a whole number",
        ),
        ("lifetime: 900", "lifetime: true", "21: applications[0].access_token.lifetime: Enter a"),
        ("lifetime: 900", "lifetime: 0", "21: applications[0].access_token.lifetime: "),
        ("lifetime: 900", "lifetime: 86401", "21: applications[0].access_token.lifetime: "),
        (
            "lifetime: 900",
            "lifetime: 99999999999999999999",
            "21: applications[0].access_token.lifetime: ",
        ),
        (
            "client_id: orders",
            "client_id: 6ba7b810-9dad-11d1-80b4-00c04fd430c8",
            "12: applications[0].client_id: ",
        ),
        (
            "${ORDERS_SECRET}",
            "${NOT_SET}",
            "13: applications[0].client_secret: The environment variable NOT_SET is not set.",
        ),
        (
            "${ORDERS_SECRET}",
            "x${ORDERS_SECRET}",
            "13: applications[0].client_secret: ${ORDERS_SECRET} must be the whole value.",
        ),
        ("${ORDERS_SECRET}", '""', "13: applications[0].client_secret: The secret is empty."),
        (
            "${ORDERS_SECRET}",
            '"a\\tb"',
            "13: applications[0].client_secret: The secret may only have",
        ),
        (
            "${ORDERS_SECRET}",
            "ü" * 40,
            "13: applications[0].client_secret: The secret may only have",
        ),
        (
            "${ORDERS_SECRET}",
            "x" * 257,
            "13: applications[0].client_secret: The secret is longer than 256",
        ),
        ("user@ours.example", "nobody", "24: users[0].email: Enter a valid email address."),
        ("email: user@ours.example", "", "25: users[0].email_verified: There is no e-mail address"),
        (
            "active: true",
            "mobile: 030 123456",
            "26: users[0].mobile: Enter the number with its country code",
        ),
        (
            '"248289761001"',
            "248289761001",
            "27: users[0].links[0].subject: Enter text: put the value in quotes.",
        ),
        (
            '"248289761001"',
            '"\\0"',
            "27: users[0].links[0].subject: Null characters are not allowed.",
        ),
        (
            "connection: Acme",
            "connection: Akme",
            "27: users[0].links[0].connection: There is no connection “Akme Workforce”. Did",
        ),
        ("example-user", '"\\0"', "23: users[0].username: Null characters are not allowed."),
        ("users:", "user:", "22: user: There is no such key. Did you mean “users”?"),
        (
            "  - username: example-user",
            "  - x\n  - username: example-user",
            "23: users[0]: Enter keys and values here.",
        ),
    ],
)
def test_a_mistake_is_named(refused: Refused, old: str, new: str, problem: str):
    assert old in EXAMPLE

    found = refused(EXAMPLE.replace(old, new, 1))

    assert len(found) == 1
    assert found[0].startswith(problem)


def test_all_mistakes_are_named_at_once(refused: Refused):
    text = (
        EXAMPLE.replace("RS256", "RS265").replace("${ORDERS", "${NO").replace("active:", "activ:")
    )

    assert [line.split(":")[:2] for line in refused(text)] == [
        ["7", " connections[0].algorithms[0]"],
        ["13", " applications[0].client_secret"],
        ["26", " users[0].activ"],
    ]


def test_a_refused_connection_is_not_also_reported_as_unknown(refused: Refused):
    text = EXAMPLE.replace("RS256", "RS265").replace(
        "connections: all", "connections: [Acme Workforce]"
    )

    assert len(refused(text)) == 1


@pytest.mark.parametrize("kind", ["connections", "applications", "users"])
def test_a_section_is_a_list(refused: Refused, kind: str):
    assert refused(f"{kind}: {{name: x}}") == [
        f"1: {kind}: Enter a list: begin each entry with “- ”."
    ]


def test_one_thing_stands_in_a_file_once(refused: Refused):
    text = "users:\n  - username: ann\n  - username: ANN\n"

    assert refused(text) == ["3: users[1]: This user is in the file twice: see line 2."]


def test_an_issuer_that_another_connection_has_is_refused_by_its_name(
    apply: Apply, refused: Refused
):
    apply()

    head = EXAMPLE.partition("applications:")[0]

    assert refused(head.replace("name: Acme Workforce", "name: Other")) == [
        "3: connections[0].issuer: "
        "The connection “Acme Workforce” already has “https://login.acme.example”."
    ]


def test_a_name_that_another_application_has_is_refused(apply: Apply, refused: Refused):
    apply()

    assert refused("applications: [{name: Orders, client_id: other, type: mobile}]") == [
        "1: applications[0].name: Another application has “Orders” already."
    ]


@pytest.mark.parametrize(
    ("column", "value"), [("email", "USER@ours.example"), ("mobile", "+49 30 123456")]
)
def test_an_address_that_somebody_has_is_refused(
    apply: Apply, refused: Refused, column: str, value: str
):
    apply(EXAMPLE.replace("active: true", 'mobile: "+4930123456"'))

    (problem,) = refused(f"users: [{{username: other, {column}: '{value}'}}]")

    assert problem.startswith(f"1: users[0].{column}: Somebody already has this")


def test_the_issuer_of_links_stays(apply: Apply, refused: Refused):
    apply()

    (problem,) = refused(EXAMPLE.replace("issuer: https://login.acme", "issuer: https://new.acme"))

    assert problem.startswith("3: connections[0].issuer: Accounts are linked to identities")


def test_a_missing_file_ends_the_command_with_a_sentence(capsys, db, tmp_path: Path):
    with pytest.raises(SystemExit) as end:
        Command().run_from_argv(["manage.py", "apply", str(tmp_path / "missing.yaml")])

    assert end.value.code == 1
    printed = capsys.readouterr().err
    assert "missing.yaml: The file cannot be read: No such file or directory." in printed
    assert "Traceback" not in printed


def test_without_a_file_the_command_says_what_to_give(capsys, db):
    with pytest.raises(SystemExit) as end:
        Command().run_from_argv(["manage.py", "apply"])

    assert end.value.code == 1
    assert "Name a file: manage.py apply agio.yaml" in capsys.readouterr().err
