"""Texts of strangers that want to be more than text, and what a page must make of them."""

from django.utils.html import escape

TEXTS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' autofocus onfocus=alert(1) x='",
    "{{ settings.SECRET_KEY }}{% debug %}",
    "</textarea></title><svg/onload=alert(1)>",
    "javascript:alert(1)",
    "safe\N{RIGHT-TO-LEFT OVERRIDE}gnp.exe",
)
MARKUP = ("<script>alert", "<img src=x", "<svg/onload", "' autofocus onfocus")


def assert_harmless(page: str, text: str) -> None:
    """Assert that a page shows a text, as nothing but text that keeps its direction to itself."""
    assert escape(text) in page
    assert not [markup for markup in MARKUP if markup in page]
    assert 'href="javascript:' not in page
    body = page.partition("<body")[2]
    pieces = body.split(escape(text))
    for before in pieces[:-1]:
        apart = any(before.rfind(f"<{tag}") > before.rfind(f"</{tag}>") for tag in ("bdi", "pre"))
        is_value = before.rfind('="') > max(before.rfind(">"), before.rfind('" '))
        assert apart or is_value, before[-200:]
