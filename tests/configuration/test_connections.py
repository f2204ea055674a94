"""Where a connection's keys come from, and which certificates it has."""

from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from connections.models import Certificate, Connection
from tests import keys
from tests.configuration.conftest import Apply, Refused

JWKS_URI = "https://login.acme.example/jwks"


def described(**settings: str) -> str:
    lines = {"name": "Acme", "issuer": "https://login.acme.example", **settings}
    return "connections:\n  - " + "\n    ".join(f"{key}: {text}" for key, text in lines.items())


def pem(*parts: str) -> str:
    """Write certificates as one YAML value."""
    return '{pem: "' + "".join(parts).replace("\n", "\\n") + '"}'


@pytest.mark.parametrize(
    ("settings", "key_source"),
    [
        pytest.param({"jwks_uri": JWKS_URI}, "jwks", id="jwks"),
        pytest.param({"certificates": "[CERTIFICATE]"}, "certificates", id="certificates"),
        pytest.param({"jwks_uri": JWKS_URI, "certificates": "[CERTIFICATE]"}, "jwks", id="both"),
        pytest.param(
            {"jwks_uri": JWKS_URI, "certificates": "[CERTIFICATE]", "key_source": "certificates"},
            "certificates",
            id="both-and-a-choice",
        ),
    ],
)
def test_the_keys_come_from(apply: Apply, settings: dict[str, str], key_source: str):
    apply(described(**settings).replace("CERTIFICATE", pem(keys.certificate())))

    assert Connection.objects.get().key_source == key_source


def test_switching_keeps_both_values(apply: Apply):
    apply(described(jwks_uri=JWKS_URI))

    printed = apply(described(certificates=f"[{pem(keys.certificate())}]"))

    assert "connection Acme: key_source jwks -> certificates" in printed
    connection = Connection.objects.get()
    assert (connection.jwks_uri, connection.certificates.count()) == (JWKS_URI, 1)
    apply(described(jwks_uri=JWKS_URI))
    assert Connection.objects.get().certificates.count() == 1


def test_saying_nothing_of_keys_changes_nothing_about_them(apply: Apply):
    apply(described(certificates=f"[{pem(keys.certificate())}]"))

    assert apply(described()) == "Nothing to change.\n"


@pytest.mark.parametrize("settings", [{"certificates": "[]", "jwks_uri": '""'}, {}])
def test_certificates_as_the_source_means_at_least_one(refused: Refused, settings: dict[str, str]):
    (problem,) = refused(described(key_source="certificates", **settings))

    assert "connections[0].certificates: Give at least one certificate" in problem


def test_linking_is_turned_off_with_a_word(apply: Apply):
    apply(described(jwks_uri=JWKS_URI, implicit_linking="{primary: email}"))

    printed = apply(described(implicit_linking="{enabled: false}"))

    assert printed == "connection Acme: implicit_linking.enabled true -> false\n"
    assert Connection.objects.get().primary_lookup == "email"


@pytest.mark.parametrize("name", ["acme.pem", "keys/acme.crt"])
def test_a_file_is_looked_for_beside_the_configuration(apply: Apply, tmp_path: Path, name: str):
    file = tmp_path / name
    file.parent.mkdir(exist_ok=True)
    certificate = keys.certificate()
    file.write_text(certificate)

    apply(described(certificates=f"[{{file: {name}}}]"))

    assert Certificate.objects.get().pem == certificate


def test_the_same_certificates_are_no_change(apply: Apply):
    text = described(certificates=f"[{pem(keys.certificate())}, {pem(keys.certificate('ES256'))}]")
    apply(text)

    assert apply(text) == "Nothing to change.\n"
    assert Certificate.objects.count() == 2


def test_the_list_is_the_truth(apply: Apply):
    apply(described(certificates=f"[{pem(keys.certificate())}]"))

    printed = apply(described(certificates=f"[{pem(keys.certificate('ES256'))}]"))

    removed, added = printed.splitlines()
    line = "connection Acme: certificates: {} subject CN=acme {}, fingerprint "
    assert removed.startswith(line.format("removed", "RS256"))
    assert added.startswith(line.format("added", "ES256"))
    assert "ES256" in Certificate.objects.get().subject


def test_a_certificate_that_is_there_twice_is_one(apply: Apply):
    apply(described(certificates=f"[{pem(keys.certificate())}, {pem(keys.certificate())}]"))

    assert Certificate.objects.count() == 1


@pytest.mark.parametrize(
    ("listed", "problem"),
    [
        ("{file: missing.pem}", "6: connections[0].certificates[0].file: "),
        ("{file: .}", "6: connections[0].certificates[0].file: "),
        ("{pem: nonsense}", "6: connections[0].certificates[0].pem: "),
        (
            "{file: a.pem, pem: b}",
            "6: connections[0].certificates[0]: Give either “file” or “pem”.",
        ),
        ("{}", "6: connections[0].certificates[0]: Give either “file” or “pem”."),
        ("{path: a.pem}", "6: connections[0].certificates[0].path: There is no such key."),
        ("acme.pem", "6: connections[0].certificates[0]: Enter keys and values here."),
    ],
)
def test_a_certificate_that_cannot_be_had_is_named(refused: Refused, listed: str, problem: str):
    (found,) = refused(described(jwks_uri=JWKS_URI, certificates=f"\n      - {listed}"))

    assert found.startswith(problem)


def test_a_private_key_is_refused_and_not_repeated(refused: Refused):
    encoding = Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    key = keys.private_key("ES256").private_bytes(*encoding).decode()

    (problem,) = refused(described(certificates=f"[{pem(keys.certificate(), key)}]"))

    assert "connections[0].certificates[0].pem: " in problem
    assert key.splitlines()[1] not in problem
    assert not Certificate.objects.exists()


def test_a_large_file_is_refused(refused: Refused, tmp_path: Path):
    (tmp_path / "large.pem").write_bytes(b"x" * 100_001)

    (problem,) = refused(described(certificates="[{file: large.pem}]"))

    assert problem.endswith("is too large for a certificate.")


def test_an_expired_certificate_is_a_notice_because_it_is_skipped_at_use(apply: Apply):
    old = keys.certificate(starts=timedelta(days=-2), ends=timedelta(days=-1))

    printed = apply(described(certificates=f"[{pem(old)}]"))

    assert "notice: connection Acme: certificate CN=acme RS256: The certificate expired" in printed
    assert Certificate.objects.exists()


def test_a_certificate_of_two_issuers_is_a_notice(apply: Apply):  # AT-072, KY-08
    shared = f"[{pem(keys.certificate())}]"
    apply(described(certificates=shared))
    other = described(certificates=shared).replace("Acme", "Other")
    other = other.replace("login.acme.example", "login.other.example")

    printed = apply(other)

    assert "notice: connection Other: certificate CN=acme RS256: Acme has it, too." in printed
    assert "notice" not in apply(described(certificates=f"[{pem(keys.certificate('ES256'))}]"))
