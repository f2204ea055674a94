"""Where a long address may break in a narrow column."""

import pytest

from idp.templatetags.ui import breakable


@pytest.mark.parametrize(
    ("text", "html"),
    [
        (
            "https://id.ours.example/oauth2/token",
            "https://<wbr>id.<wbr>ours.<wbr>example/<wbr>oauth2/<wbr>token",
        ),
        ("a?b=1&c=2", "a?<wbr>b=<wbr>1&amp;<wbr>c=<wbr>2"),
        ("agio_secret", "agio_secret"),
        ("<b>/</b>", "&lt;b&gt;/<wbr>&lt;/<wbr>b&gt;"),
        ("", ""),
    ],
)
def test_an_address_breaks_between_its_parts(text, html):
    assert breakable(text) == html
