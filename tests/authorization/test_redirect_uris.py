"""Addresses that may be registered, and when an address is one of them (RFC 9700 2.1, RFC 8252)."""

import pytest
from django.core.exceptions import ValidationError

from applications import grant_types, redirect_uris
from tests.fixtures import change


@pytest.mark.parametrize(
    "uri",
    ["https://app.example/callback", "https://app.example", "https://app.example:8443/x?a=1&b=2"],
)
def test_web_addresses_are_registered(uri):
    assert not redirect_uris.problem(uri, is_native=False, allow_local=False)


@pytest.mark.parametrize(
    "uri",
    [
        "http://app.example/callback",
        "https://app.example/#fragment",
        "https://*.app.example/",
        "https://user@app.example/",
        "javascript:alert(1)",
        "data:text/html,x",
        "https://",
        "/callback",
        "https://app.example/a b",
        "https://app.example:port/",
        "com.example.app:/callback",
        "http://127.0.0.1/callback",
        "http://localhost/callback",
        "",
    ],
)
def test_others_are_not(uri):
    assert redirect_uris.problem(uri, is_native=False, allow_local=False)


@pytest.mark.parametrize(
    "uri", ["com.example.app:/callback", "http://127.0.0.1/callback", "http://[::1]:1234/callback"]
)
def test_programs_on_devices_may_have_their_own(uri):
    assert not redirect_uris.problem(uri, is_native=True, allow_local=False)


@pytest.mark.parametrize(
    "uri", ["myapp:/callback", "http://localhost/callback", "file:///x", "javascript:x"]
)
def test_but_none_that_others_could_have(uri):
    assert redirect_uris.problem(uri, is_native=True, allow_local=False)


@pytest.mark.parametrize(
    ("asked", "is_native", "expected"),
    [
        ("http://127.0.0.1:5432/callback", True, True),
        ("http://127.0.0.1/callback", True, True),
        ("http://127.0.0.1:5432/callback", False, False),
        ("http://127.0.0.1:5432/other", True, False),
        ("http://127.0.0.2:5432/callback", True, False),
        ("http://evil.example:5432/callback", True, False),
        ("http://127.0.0.1:5432@evil.example/callback", True, False),
        ("http://127.0.0.1:99999/callback", True, False),
        ("https://x.example:444/", True, False),
    ],
)
def test_only_the_port_of_a_loopback_address_is_free(asked, is_native, expected):
    registered = {"http://127.0.0.1:1/callback"}

    assert redirect_uris.matches(
        asked, registered | {"https://x.example/"}, is_native=is_native
    ) is (expected)


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({"redirect_uris": frozenset()}, id="no-address"),
        pytest.param({"type": "machine-to-machine"}, id="machine"),
        pytest.param({"redirect_uris": frozenset({"http://x.example/"})}, id="bad-address"),
        pytest.param({"post_logout_redirect_uris": frozenset({"javascript:x"})}, id="bad-logout"),
    ],
)
def test_no_path_saves_an_application_that_could_not_sign_in_safely(application, fields):
    good = {
        "grant_types": frozenset({grant_types.AUTHORIZATION_CODE}),
        "redirect_uris": frozenset({"https://app.example/"}),
    }
    change(application, **good)

    for name, value in fields.items():
        setattr(application, name, value)

    with pytest.raises(ValidationError):
        application.full_clean()
