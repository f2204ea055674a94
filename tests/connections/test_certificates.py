"""What may be uploaded as a certificate (KY-07, AT-063, AT-067 to AT-071, AT-073)."""

import base64
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives import serialization as form
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed25519, rsa, x448
from cryptography.hazmat.primitives.serialization import pkcs7, pkcs12

from connections.certificates import (
    CertificateRefused,
    PrivateKeyRefused,
    check_validity,
    parse,
)
from tests import keys

PEM = keys.certificate()
DER = x509.load_pem_x509_certificate(PEM.encode()).public_bytes(form.Encoding.DER)
KEY = keys.private_key()
NOW = datetime.now(UTC)


def certificate(
    *,
    subject="signer",
    issuer="signer",
    public_key=None,
    signed_with=KEY,
    hash_=None,
    usage=(),
    authority=None,
    ends=timedelta(1),
) -> bytes:
    """Make a certificate; `usage` names what its key is for, `authority` whether it issues."""
    names = [x509.Name.from_rfc4514_string(f"CN={name}") for name in (issuer, subject)]
    builder = x509.CertificateBuilder(
        *names, public_key or KEY.public_key(), 7, NOW - timedelta(1), NOW + ends
    )
    if authority is not None:
        builder = builder.add_extension(x509.BasicConstraints(authority, None), critical=True)
    if usage:
        purposes = (
            "digital_signature", "content_commitment", "key_encipherment", "data_encipherment",
            "key_agreement", "key_cert_sign", "crl_sign", "encipher_only", "decipher_only",
        )  # fmt: skip
        value = x509.KeyUsage(**{purpose: purpose in usage for purpose in purposes})
        builder = builder.add_extension(value, critical=True)
    signed = builder.sign(signed_with, hash_ or hashes.SHA256())
    return signed.public_bytes(form.Encoding.PEM)


def private(form_of_key=form.PrivateFormat.PKCS8, encoding=form.Encoding.PEM, password=None):
    """Return the private key in some form."""
    encryption = form.BestAvailableEncryption(password) if password else form.NoEncryption()
    return KEY.private_bytes(encoding, form_of_key, encryption)


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


def test_describes_each_kind_of_key():
    described = [parse(keys.certificate(alg).encode())[0].key_description for alg in
                 ("ES256", "ES384", "ES512", "EdDSA")]  # fmt: skip

    assert described == ["EC P-256", "EC P-384", "EC P-521", "Ed25519"]


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
        pytest.param(private()[:200], id="cut-off"),
        pytest.param(private(encoding=form.Encoding.DER)[:300], id="der-cut-off"),
        pytest.param(DER + private(encoding=form.Encoding.DER), id="behind-der"),
        pytest.param(base64.b64encode(private()), id="base64-of-pem"),
        pytest.param(PEM.encode() + b" " * 100_000 + private(), id="in-something-large"),
        pytest.param(b'{"kty": "RSA", "n": "AQAB", "d": "AQAB"}', id="jwk"),
        pytest.param(b"\xfe\xed\xfe\xed\0\0\0\2", id="java-key-store"),
        pytest.param(b"PuTTY-User-Key-File-3: ssh-rsa", id="putty"),
        pytest.param(
            pkcs12.serialize_key_and_certificates(
                b"x", KEY, None, None, form.BestAvailableEncryption(b"x")), id="pkcs12"),
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
        (csr().public_bytes(form.Encoding.PEM), "request for a certificate"),
        (csr().public_bytes(form.Encoding.DER), "request for a certificate"),
        (PEM.encode() + csr().public_bytes(form.Encoding.PEM), "not just certificates"),
        (crl().public_bytes(form.Encoding.PEM), "revoked"),
        (crl().public_bytes(form.Encoding.DER), "revoked"),
        (public(), "public key without"), (public(form.Encoding.DER), "public key without"),
        (CONTAINER, "PKCS#7"),
        (b"ssh-rsa AAAA", "public key without"), (PKCS1, "public key without"),
        (base64.b64encode(b"\x31" + DER[1:]), "not a certificate"),
        (b"-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----", "not a certificate"),
        (PEM.encode()[:-30], "cut off"), (PEM.encode()[28:], "cut off"),
        (PEM.replace("M", "!", 1).encode(), "damaged"),
        (PEM.encode() + b"-----BEGIN CERTIFICATE-----", "cut off"),
        (PEM.encode("utf-16"), "UTF-16"), (b'{"kty": "RSA"}', "JWKS URL"),
        (b"PK\x03\x04zip", "zip"), (b"<svg/>", "not a certificate"),
        (b"\x30\x03\x02\x01\x01", "not a certificate"), (DER[:-5], "not a certificate"),
        (PEM.encode() * 11, "more than 10"),
    ],
)  # fmt: skip
def test_says_what_it_is_and_what_to_upload(data, words):  # AT-069, AT-070, AT-073
    with pytest.raises(CertificateRefused, match=words) as refusal:
        parse(data)

    assert not isinstance(refusal.value, PrivateKeyRefused)


WEAK = rsa.generate_private_key(65537, 1024)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        pytest.param({"public_key": WEAK.public_key()}, "1024 bits", id="rsa-1024"),
        pytest.param(
            {"public_key": dsa.generate_private_key(2048).public_key()}, "key", id="dsa"),
        pytest.param(
            {"public_key": x448.X448PrivateKey.generate().public_key()}, "key", id="x448"),
        pytest.param(
            {"public_key": ec.generate_private_key(ec.SECP256K1()).public_key()},
            "key", id="curve"),
        pytest.param({"usage": ["key_encipherment"]}, "digitalSignature", id="encryption"),
        pytest.param({"usage": ["key_cert_sign"]}, "digitalSignature", id="authority"),
        pytest.param({"usage": ["content_commitment"]}, "digitalSignature", id="commitment"),
        pytest.param({"ends": timedelta(-2)}, "ends before it begins", id="time"),
    ],
)  # fmt: skip
def test_refuses_a_certificate_whose_key_must_not_sign_tokens(changes, words):  # AT-060, AT-071
    assert parse(certificate())

    with pytest.raises(CertificateRefused, match=words):
        parse(certificate(**changes))


def test_refuses_an_example_key():  # AT-061
    octets = base64.urlsafe_b64decode("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A=")
    example = ed25519.Ed25519PrivateKey.from_private_bytes(octets).public_key()

    with pytest.raises(CertificateRefused, match="RFC 8037"):
        parse(certificate(public_key=example))


def test_refuses_a_certificate_signed_with_sha_1(monkeypatch):
    monkeypatch.setattr("connections.certificates.SHA1", hashes.SHA256)

    with pytest.raises(CertificateRefused, match="SHA-1"):
        parse(PEM.encode())


def test_an_expired_certificate_is_refused_and_one_for_later_is_not():  # AT-067
    (expired,) = parse(keys.certificate(starts=timedelta(-9), ends=timedelta(-1)).encode())
    (later,) = parse(keys.certificate(starts=timedelta(8), ends=timedelta(9)).encode())

    with pytest.raises(CertificateRefused, match="expired on"):
        check_validity(expired, NOW)
    check_validity(later, NOW)
    assert later.not_before > NOW


def test_a_name_is_shown_safely():
    (parsed,) = parse(certificate(subject="b\u202eevil"))

    assert parsed.subject.isprintable()
