"""What a file with certificates may look like, and what it is instead (KY-07, AT-068 to AT-070)."""

import base64
import json
from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives import serialization as form
from cryptography.hazmat.primitives.asymmetric import dsa, ec
from cryptography.hazmat.primitives.serialization import pkcs7, pkcs12

from connections.certificates import CertificateRefused, PrivateKeyRefused, parse
from tests.connections.test_certificates import DER, KEY, NOW, PEM


def private(
    form_of_key=form.PrivateFormat.PKCS8, encoding=form.Encoding.PEM, password=None, key=KEY
):
    """Return the private key in some form."""
    encryption = form.BestAvailableEncryption(password) if password else form.NoEncryption()
    return key.private_bytes(encoding, form_of_key, encryption)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(PEM.encode(), id="pem"),
        pytest.param(DER, id="der"),
        pytest.param(base64.b64encode(DER), id="base64"),
        pytest.param(base64.encodebytes(DER), id="base64-in-lines"),
        pytest.param(PEM.replace("\n", "\r\n").encode(), id="crlf"),
        pytest.param(f"subject=CN = acme\n{PEM}\nthe end".encode(), id="text-around"),
        pytest.param((PEM + PEM).encode(), id="twice"),
        pytest.param(DER + DER, id="der-twice"),
        pytest.param(base64.b64encode(PEM.encode()), id="base64-of-pem"),
        pytest.param(PEM.replace("\n", "\r").encode(), id="cr"),
        pytest.param(b"\xef\xbb\xbf" + PEM.encode(), id="byte-order-mark"),
        pytest.param(PEM.replace("CERTIFICATE", "X509 CERTIFICATE").encode(), id="old-label"),
        pytest.param(f"Public-Key: (2048 bit)\n00:ae:5d\n{PEM}".encode(), id="openssl-text"),
    ],
)
def test_reads_a_certificate_in_every_usual_form(data):
    (parsed,) = parse(data)

    assert parsed.pem == PEM
    assert parsed.fingerprint == hashes_of(DER)
    assert parsed.subject == "CN=acme RS256"
    assert parsed.key_description == "RSA 2048"
    assert parsed.not_before < NOW < parsed.not_after


def hashes_of(der: bytes) -> str:
    """Return the SHA-256 of a certificate as people compare it."""
    digest = hashes.Hash(hashes.SHA256())
    digest.update(der)
    return digest.finalize().hex()


def armoured(label: str, octets: bytes) -> bytes:
    """Write octets as PEM under a label, whatever they are."""
    body = base64.encodebytes(octets).decode()
    return f"-----BEGIN {label}-----\n{body}-----END {label}-----\n".encode()


PRIVATE_DER = private(encoding=form.Encoding.DER)
ENCRYPTED_DER = private(encoding=form.Encoding.DER, password=b"x")
SEC1 = private(
    form.PrivateFormat.TraditionalOpenSSL,
    form.Encoding.DER,
    key=ec.generate_private_key(ec.SECP256R1()),
)
DSA = private(encoding=form.Encoding.DER, key=dsa.generate_private_key(2048))
PKCS12 = pkcs12.serialize_key_and_certificates(
    b"x", KEY, None, None, form.BestAvailableEncryption(b"x")
)
JWK_SET = {"keys": [{"kty": "oct", "k": "AQAB"}]}
# openssl pkey -text -noout
AS_TEXT = b"Private-Key: (256 bit)\npriv:\n    00:ae:5d:77:01\n"


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(PEM.encode() + private(), id="plain"),
        pytest.param(private() + PEM.encode(), id="first"),
        pytest.param(private(form.PrivateFormat.TraditionalOpenSSL), id="rsa"),
        pytest.param(private(password=b"x"), id="encrypted"),
        pytest.param(private(form.PrivateFormat.OpenSSH), id="openssh"),
        pytest.param(private(encoding=form.Encoding.DER), id="der"),
        pytest.param(private(encoding=form.Encoding.DER, password=b"x"), id="der-encrypted"),
        pytest.param(
            private(form.PrivateFormat.TraditionalOpenSSL, form.Encoding.DER), id="der-rsa"),
        pytest.param(base64.b64encode(private(encoding=form.Encoding.DER)), id="base64"),
        pytest.param(private().decode().encode("utf-16"), id="utf-16"),
        pytest.param("-----BEGIN PRIVATE KEY-----".encode("utf-16"), id="utf-16-cut-off"),
        pytest.param(b"-----begin private key-----", id="lower-case"),
        pytest.param(b"\xce\xce\xce\xce\0\0\0\2", id="java-key-store-with-ciphers"),
        pytest.param(private()[:200], id="cut-off"),
        pytest.param(private(encoding=form.Encoding.DER)[:300], id="der-cut-off"),
        pytest.param(DER + private(encoding=form.Encoding.DER), id="behind-der"),
        pytest.param(base64.b64encode(private()), id="base64-of-pem"),
        pytest.param(PEM.encode() + b" " * 100_000 + private(), id="in-something-large"),
        pytest.param(b'{"kty": "RSA", "n": "AQAB", "d": "AQAB"}', id="jwk"),
        pytest.param(b"\xfe\xed\xfe\xed\0\0\0\2", id="java-key-store"),
        pytest.param(b"PuTTY-User-Key-File-3: ssh-rsa", id="putty"),
        pytest.param(PKCS12, id="pkcs12"),
        pytest.param(armoured("PKCS12", PKCS12), id="pkcs12-as-pem"),
        pytest.param(base64.b64encode(PKCS12), id="pkcs12-as-base64"),
        pytest.param(SEC1, id="sec-1"),
        pytest.param(DSA, id="dsa"),
        pytest.param(bytes.fromhex("3014020100300806062a850302021304050401020304"), id="gost"),
        pytest.param(PRIVATE_DER + b"\n", id="der-and-a-line-end"),
        pytest.param(base64.b64encode(DER + PRIVATE_DER), id="behind-der-as-base64"),
        pytest.param(PEM.encode() + PRIVATE_DER, id="der-behind-pem"),
        pytest.param(PRIVATE_DER + PEM.encode(), id="der-before-pem"),
        pytest.param(PEM.encode() + base64.encodebytes(PRIVATE_DER), id="base64-behind-pem"),
        pytest.param(PEM.encode() + base64.encodebytes(ENCRYPTED_DER), id="encrypted-behind-pem"),
        pytest.param(b"tls.key: " + base64.b64encode(private()), id="kubernetes"),
        pytest.param(base64.b64encode(b"openssh-key-v1\0none"), id="openssh-without-armour"),
        pytest.param(armoured("PUBLIC KEY", PRIVATE_DER), id="labelled-public"),
        pytest.param(armoured("CERTIFICATE", PRIVATE_DER), id="labelled-certificate"),
        pytest.param(armoured("CERTIFICATE", DER + PRIVATE_DER), id="in-one-block"),
        pytest.param(armoured("X509 CRL", b"0") + armoured("CERTIFICATE", SEC1), id="second"),
        pytest.param(json.dumps(JWK_SET).encode(), id="jwk-set"),
        pytest.param(json.dumps({"key": private().decode()}).encode(), id="in-json"),
        pytest.param(AS_TEXT, id="as-text"),
        pytest.param(AS_TEXT + PEM.encode(), id="as-text-with-a-certificate"),
        pytest.param(b"\x30\x80\x02\x01\x03\x30\x80\x06\x01\x2a", id="pkcs12-in-ber"),
    ],
)  # fmt: skip
def test_a_private_key_is_refused_and_not_repeated(data):  # AT-068
    with pytest.raises(PrivateKeyRefused, match="Take that key out of use") as refusal:
        parse(data)

    assert refusal.value.__cause__ is None
    assert "BEGIN" not in str(refusal.value)


def csr() -> x509.CertificateSigningRequest:
    """Make a request for a certificate."""
    name = x509.Name.from_rfc4514_string("CN=x")
    return x509.CertificateSigningRequestBuilder(name).sign(KEY, hashes.SHA256())


def crl() -> x509.CertificateRevocationList:
    """Make a list of revoked certificates."""
    name = x509.Name.from_rfc4514_string("CN=x")
    builder = x509.CertificateRevocationListBuilder(name, NOW, NOW + timedelta(1))
    return builder.sign(KEY, hashes.SHA256())


def public(encoding=form.Encoding.PEM) -> bytes:
    """Return the bare public key."""
    return KEY.public_key().public_bytes(encoding, form.PublicFormat.SubjectPublicKeyInfo)


PKCS1 = KEY.public_key().public_bytes(form.Encoding.DER, form.PublicFormat.PKCS1)
CONTAINER = pkcs7.serialize_certificates(
    [x509.load_pem_x509_certificate(PEM.encode())], form.Encoding.DER
)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"), (b" \n", "empty"), (b"x" * 100_001, "larger than 100000"),
        (csr().public_bytes(form.Encoding.PEM), "CSR"),
        (csr().public_bytes(form.Encoding.DER), "CSR"),
        (PEM.encode() + csr().public_bytes(form.Encoding.PEM), "CSR"),
        (crl().public_bytes(form.Encoding.PEM), "revoked"),
        (crl().public_bytes(form.Encoding.DER), "revoked"),
        (public(), "public key without"), (public(form.Encoding.DER), "public key without"),
        (CONTAINER, "PKCS #7"),
        (b"ssh-rsa AAAA", "public key without"), (PKCS1, "public key without"),
        (base64.b64encode(b"\x31" + DER[1:]), "not a certificate"),
        (b"-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----", "cut off"),
        (PEM.encode()[:-30], "END line is missing"), (PEM.encode()[28:], "END line is missing"),
        (PEM.replace("M", "!", 1).encode(), "damaged"),
        (PEM.encode() + b"-----BEGIN CERTIFICATE-----", "END line is missing"),
        (PEM.encode("utf-16"), "UTF-16"), (b'{"kty": "RSA"}', "JWKS URL"),
        (b'{"d": "no key"}', "JSON"),
        (b"PK\x03\x04zip", "not a certificate"), (b"<svg/>", "text without"),
        (b"\x30\x03\x02\x01\x01", "not a certificate"), (DER[:-5], "cut off"),
        (PEM.encode() * 11, "more than 10"),
        (PEM.replace("CERT", "TRUSTED CERT").encode(), "only OpenSSL"),
        (b"-----BEGIN A-----" * 5880, "END line is missing"), (b"====", "text without"),
        (b"\x30\x01\x30" * 33_000, "not a certificate"),
        (PEM.encode() * 3 + b"x" * 5_000_000, "larger"),
    ],
)  # fmt: skip
def test_says_what_it_is_and_what_to_upload(data, words):  # AT-069, AT-070, AT-073
    with pytest.raises(CertificateRefused, match=words) as refusal:
        parse(data)

    assert not isinstance(refusal.value, PrivateKeyRefused)
