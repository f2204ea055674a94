"""Which of several certificates may sign tokens, and what damage does (KY-07, AT-063, AT-071)."""

from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import example, given, settings
from hypothesis import strategies as st

from connections.certificates import CertificateRefused, parse
from tests import keys
from tests.connections.test_certificates import DER, KEY, PEM, certificate

CA_KEY = ec.generate_private_key(ec.SECP256R1())
# openssl ecparam -name prime256v1 -param_enc explicit -genkey
EXPLICIT = b"""-----BEGIN CERTIFICATE-----
MIICbzCCAhWgAwIBAgIUXL4JeaRxezaLeL2oXacrNhMJ3/8wCgYIKoZIzj0EAwIw
EzERMA8GA1UEAwwIZXhwbGljaXQwHhcNMjYxMTIzMDE0NjM3WhcNMzYxMTIwMDE0
NjM3WjATMREwDwYDVQQDDAhleHBsaWNpdDCCAUswggEDBgcqhkjOPQIBMIH3AgEB
MCwGByqGSM49AQECIQD/////AAAAAQAAAAAAAAAAAAAAAP///////////////zBb
BCD/////AAAAAQAAAAAAAAAAAAAAAP///////////////AQgWsY12Ko6k+ez671V
dpiGvGUdBrDMU7D2O848PifSYEsDFQDEnTYIhucEk2pmeOETnSa3gZ9+kARBBGsX
0fLhLEJH+Lzm5WOkQPJ3A32BLeszoPShOUXYmMKWT+NC4v4af5uO5+tKfA+eFivO
M1drMV7Oy7ZAaDe/UfUCIQD/////AAAAAP//////////vOb6racXnoTzucrC/GMl
UQIBAQNCAAREIcfr6ORnBiv3tV2YwS5zZ4/CRvM0CpV9WBAV4BSIZu4te7qUmpYd
hldcP1p58pcaYTbQ1hmsMmKfb0GaXHxJo1MwUTAdBgNVHQ4EFgQUW5CUj1l15Oo3
kzv6LyuHbH45IJMwHwYDVR0jBBgwFoAUW5CUj1l15Oo3kzv6LyuHbH45IJMwDwYD
VR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNIADBFAiB2mDUwRs8wM1HqZDusVltu
BbhBJ5WfivoSD1s6G0UhbwIhAMSFGf7bHIptfkC85Ul0hZ1NkeZkXOVExWe2A3xc
zTwp
-----END CERTIFICATE-----"""


def test_keeps_the_end_of_a_chain_in_whatever_order():
    root = certificate(subject="root", issuer="root", public_key=CA_KEY.public_key(),
                       signed_with=CA_KEY, usage=["key_cert_sign"])  # fmt: skip
    leaf = certificate(subject="leaf", issuer="root", signed_with=CA_KEY)

    assert [one.subject for one in parse(leaf + root)] == ["CN=leaf"]
    assert [one.subject for one in parse(root + leaf)] == ["CN=leaf"]


def test_keeps_several_signers():
    assert len(parse(PEM.encode() + keys.certificate("ES256").encode())) == 2


def test_takes_a_self_signed_certificate_though_it_says_it_is_an_authority():
    usage = ["digital_signature", "key_cert_sign"]

    assert len(parse(certificate(usage=usage, authority=True))) == 1
    assert len(parse(certificate(authority=True) + certificate(subject="b", issuer="b"))) == 2


@pytest.mark.parametrize("new_key", [KEY, keys.private_key(signed_by="new")], ids=["same", "new"])
def test_keeps_both_of_two_with_one_name_that_signed_themselves(new_key):  # KY-08
    new = certificate(public_key=new_key.public_key(), signed_with=new_key, ends=timedelta(9))

    assert len(parse(certificate() + new)) == 2


ROOT = certificate(
    subject="root",
    issuer="root",
    public_key=CA_KEY.public_key(),
    signed_with=CA_KEY,
    authority=True,
)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(
            certificate(issuer="root", signed_with=CA_KEY, authority=True), id="intermediate"),
        pytest.param(certificate(issuer="else", signed_with=CA_KEY) + ROOT, id="unrelated-root"),
        pytest.param(certificate(issuer="root") + ROOT, id="root-in-name-only"),
        pytest.param(
            certificate(subject="a", issuer="b", signed_with=CA_KEY)
            + certificate(subject="b", issuer="a", public_key=CA_KEY.public_key()), id="circle"),
    ],
)  # fmt: skip
def test_refuses_an_authority_that_issued_nothing_here(data):  # AT-071
    assert len(parse(certificate(issuer="root", signed_with=CA_KEY) + ROOT)) == 1

    with pytest.raises(CertificateRefused, match="authority"):
        parse(data)


def test_refuses_a_curve_that_is_spelled_out():  # AT-063
    with pytest.raises(CertificateRefused, match="explicit parameters"):
        parse(EXPLICIT)


@settings(deadline=None)
@given(edits=st.lists(st.tuples(st.integers(0, len(DER) - 1), st.integers(0, 255)), min_size=1))
@example(edits=[(12, 119)])  # a version that there is not
def test_damage_is_never_worse_than_a_refusal(edits):
    damaged = bytearray(DER)
    for position, octet in edits:
        damaged[position] = octet

    try:
        assert len(parse(bytes(damaged))) == 1
    except CertificateRefused as refusal:
        assert str(refusal)  # noqa: PT017
