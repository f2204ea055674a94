"""Which certificates may sign tokens, and what is shown of them (KY-07, AT-067, AT-071)."""

import base64
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives import serialization as form
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed25519, mldsa, rsa, x448

from connections.certificates import CertificateRefused, check_validity, parse
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


def test_describes_each_kind_of_key():
    described = [parse(keys.certificate(alg).encode())[0].key_description for alg in
                 ("ES256", "ES384", "ES512", "EdDSA")]  # fmt: skip

    assert described == ["EC P-256", "EC P-384", "EC P-521", "Ed25519"]


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
        pytest.param(
            {"public_key": mldsa.MLDSA65PrivateKey.generate().public_key()}, "kind", id="ml-dsa"),
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


# Our cryptography library signs with SHA-1 no more:
# openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -sha1 -subj /CN=old -days 36500
SIGNED_WITH_SHA_1 = b"""-----BEGIN CERTIFICATE-----
MIIBcDCCARigAwIBAgIUR+7Y6phA95yw+ZezrFcZvKkOAAUwCQYHKoZIzj0EATAO
MQwwCgYDVQQDDANvbGQwIBcNMjYxMTIzMDIzMzEzWhgPMjEyNjEwMzAwMjMzMTNa
MA4xDDAKBgNVBAMMA29sZDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABLLjTFvh
jmVBi33FKhEqaz/oL7zQtOwHyQeS6ndyP9RNQTXmfW+93cMt1kBepxcIeMy9geB9
EtAUIGGMju1oX8ajUzBRMB0GA1UdDgQWBBQweD4jfpyozfmOASMQr7FMFHWT9TAf
BgNVHSMEGDAWgBQweD4jfpyozfmOASMQr7FMFHWT9TAPBgNVHRMBAf8EBTADAQH/
MAkGByqGSM49BAEDRwAwRAIgAYOH76N91U8b+BrHyNyZ6QZxWvnHCScjmmOfnHd0
ERcCIGVDcgndbA5ealD/rUy2RZI5/W21TAHuD96HewFFHGrG
-----END CERTIFICATE-----"""


@pytest.mark.parametrize(
    "data",
    [
        # It says that it is an authority, and that is not what is wrong with it.
        pytest.param(SIGNED_WITH_SHA_1, id="sha-1"),
        pytest.param(certificate(hash_=hashes.SHA224()), id="sha-224"),
    ],
)
def test_refuses_a_signature_with_a_weak_hash(data):  # AT-071
    with pytest.raises(CertificateRefused, match="SHA-1 can be forged"):
        parse(data)


@pytest.mark.parametrize("hash_", [hashes.SHA256(), hashes.SHA384(), hashes.SHA512()])
def test_takes_a_signature_with_a_strong_hash(hash_):
    assert len(parse(certificate(hash_=hash_))) == 1


def test_refuses_a_key_of_an_unknown_kind():  # AT-071
    unknown = DER.replace(b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01", b"\x2a\x85\x03" + b"\x07" * 6)

    with pytest.raises(CertificateRefused, match="of a kind we do not know"):
        parse(unknown)


def with_serial_number(number: bytes) -> bytes:
    """Write another serial number into a certificate, which no library does for us."""
    (size, inner_size), rest = (DER[2:4], DER[6:8]), DER[16:]
    outer, inner = (
        (int.from_bytes(octets) + len(number) - 1).to_bytes(2) for octets in (size, inner_size)
    )
    serial_number = b"\x02" + bytes([len(number)]) + number
    return DER[:2] + outer + DER[4:6] + inner + DER[8:13] + serial_number + rest


def with_name(name: x509.GeneralName) -> bytes:
    """Make a certificate for another name, and with two extensions."""
    subject = x509.Name.from_rfc4514_string("CN=x")
    builder = x509.CertificateBuilder(subject, subject, KEY.public_key(), 7, NOW, NOW)
    builder = builder.add_extension(x509.SubjectAlternativeName([name]), critical=False)
    builder = builder.add_extension(x509.BasicConstraints(False, None), critical=False)
    return builder.sign(KEY, hashes.SHA256()).public_bytes(form.Encoding.DER)


@pytest.mark.parametrize(
    ("octets", "instead"),
    [
        pytest.param(b"\x55\x1d\x13", b"\x55\x1d\x11", id="extension-twice"),
        pytest.param(b"\x82\x01x", b"\xa3\x01x", id="kind-of-name"),
    ],
)
def test_refuses_extensions_that_cannot_be_read(octets, instead):
    odd = with_name(x509.DNSName("x"))
    assert parse(odd)

    with pytest.raises(CertificateRefused, match="cannot be read"):
        parse(odd.replace(octets, instead))


@pytest.mark.parametrize(
    ("number", "shown"),
    [(b"\x00", "0"), (b"\xfb", "-5"), (b"\x7f" + b"\xff" * 39, "7f" + "f" * 62)],
)
def test_takes_a_serial_number_that_no_issuer_should_give(number, shown):
    odd = with_serial_number(number)

    assert [one.serial_number for one in parse(odd)] == [shown]


def test_an_expired_certificate_is_refused_and_one_for_later_is_not():  # AT-067
    (expired,) = parse(keys.certificate(starts=timedelta(-9), ends=timedelta(-1)).encode())
    (later,) = parse(keys.certificate(starts=timedelta(8), ends=timedelta(9)).encode())

    with pytest.raises(CertificateRefused, match="expired on"):
        check_validity(expired, NOW)
    check_validity(later, NOW)
    assert later.not_before > NOW


def test_takes_a_certificate_that_never_ends():  # AT-067
    (parsed,) = parse(certificate(ends=datetime.max.replace(tzinfo=UTC) - NOW))

    check_validity(parsed, NOW)
    assert parsed.not_after.year == 9999


def test_a_name_is_shown_safely():
    (parsed,) = parse(certificate(subject="b\u202eevil"))

    assert parsed.subject == "CN=b\\u202eevil"
