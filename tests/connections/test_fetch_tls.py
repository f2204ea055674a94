"""Only a server that proves its name is fetched from (TL-01, TL-02, AT-078, AT-084)."""

import ipaddress
import ssl
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives import serialization as form

from connections.fetch import FetchFailed
from tests import keys
from tests.connections.test_fetch import fetch
from tests.hostile_server import answer, running, silence

KEY = keys.private_key("ES256", "server")


def certificate(address: str, ends: timedelta) -> bytes:
    """Make a certificate for an address of this machine, which vouches for itself."""
    name = x509.Name.from_rfc4514_string("CN=server")
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder(
        name, name, KEY.public_key(), 1, now - timedelta(days=9), now + ends
    ).add_extension(
        x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(address))]), critical=False
    )
    return builder.sign(KEY, hashes.SHA256()).public_bytes(form.Encoding.PEM)


@pytest.fixture
def tls(tmp_path, monkeypatch):
    """Return a function that makes a server's TLS; its certificate is one that we trust."""

    def make(address: str = "127.0.0.1", ends: timedelta = timedelta(1)) -> ssl.SSLContext:
        key = KEY.private_bytes(form.Encoding.PEM, form.PrivateFormat.PKCS8, form.NoEncryption())
        file, authorities = tmp_path / "server.pem", tmp_path / "authorities.pem"
        authorities.write_bytes(certificate(address, ends))
        file.write_bytes(key + authorities.read_bytes())
        monkeypatch.setattr("requests.adapters.DEFAULT_CA_BUNDLE_PATH", str(authorities))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(file)
        return context

    return make


def test_brings_a_document_over_tls(tls):
    with running(answer(b'{"keys": []}'), tls=tls()) as server:
        assert fetch(server.url) == b'{"keys": []}'


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"address": "127.0.0.2"}, id="of-another-name"),
        pytest.param({"ends": timedelta(days=-1)}, id="expired"),
    ],
)
def test_refuses_a_certificate(tls, change):
    with (
        running(answer(b"{}"), tls=tls(**change)) as server,
        pytest.raises(FetchFailed, match="TLS"),
    ):
        fetch(server.url)

    assert server.requests == []


def test_refuses_a_certificate_that_nobody_vouches_for(tls, monkeypatch):
    context = tls()
    monkeypatch.undo()

    with running(answer(b"{}"), tls=context) as server, pytest.raises(FetchFailed, match="TLS"):
        fetch(server.url)

    assert server.requests == []


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")
def test_refuses_an_old_version_of_tls(tls):
    context = tls()
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version, context.maximum_version = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1

    with running(answer(b"{}"), tls=context) as server, pytest.raises(FetchFailed, match="TLS"):
        fetch(server.url)

    assert server.requests == []


def test_a_server_that_hangs_in_tls_is_given_up():  # AT-078
    with running(silence, hang_tls=True) as server, pytest.raises(FetchFailed, match="within"):
        fetch(server.url)
