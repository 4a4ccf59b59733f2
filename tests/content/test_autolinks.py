import re
from html import unescape

import pytest

from content import render
from content.autolinks import linked
from tests.content.pages import Page

GOOGLE = "www.google.com/search?q=Markup+(business)"


@pytest.mark.parametrize(
    ("text", "addresses"),
    [
        ("www.commonmark.org", ["http://www.commonmark.org"]),
        ("Visit www.commonmark.org/help for more.", ["http://www.commonmark.org/help"]),
        ("Visit www.commonmark.org.", ["http://www.commonmark.org"]),
        ("Visit www.commonmark.org/a.b.", ["http://www.commonmark.org/a.b"]),
        (GOOGLE, [f"http://{GOOGLE}"]),
        (f"{GOOGLE}))", [f"http://{GOOGLE}"]),
        (f"({GOOGLE})", [f"http://{GOOGLE}"]),
        (f"({GOOGLE}", [f"http://{GOOGLE}"]),
        (
            "www.google.com/search?q=(business))+ok",
            ["http://www.google.com/search?q=(business))+ok"],
        ),
        ("www.commonmark.org/he<lp", ["http://www.commonmark.org/he"]),
        ("http://commonmark.org", ["http://commonmark.org"]),
        (f"(Visit https://{GOOGLE})", [f"https://{GOOGLE}"]),
        ("foo@bar.baz", ["mailto:foo@bar.baz"]),
        (
            "hello@mail+xyz.example isn't, but hello+xyz@mail.example.",
            ["mailto:hello+xyz@mail.example"],
        ),
        ("a.b-c_d@a.b", ["mailto:a.b-c_d@a.b"]),
        ("a.b-c_d@a.b.", ["mailto:a.b-c_d@a.b"]),
        ("a.b-c_d@a.b-", []),
        ("a.b-c_d@a.b_", []),
        ("https://a.b/x_y_z*, https://c.d!", ["https://a.b/x_y_z", "https://c.d"]),
        ("xhttp://a.b www. http:// a@b javascript:alert(1)", []),
        ("$$\\href{https://a.b}$$ \\(https://c.d\\) https://e.f", ["https://e.f"]),
    ],
)
def test_bare_addresses_are_links(text: str, addresses: list[str]) -> None:
    assert [unescape(href) for href in re.findall(r'href="([^"]*)"', linked(text))] == addresses
    assert unescape(re.sub(r"<[^>]*>", "", linked(text))) == text


@pytest.mark.parametrize(
    "markdown",
    ["[https://a.b](/c)", "`https://a.b`", "![https://a.b](/c)", '<a href="/c">https://a.b</a>'],
)
def test_there_is_no_link_in_a_link_in_code_or_in_a_description(markdown: str) -> None:
    assert "https://a.b" not in Page(render(markdown).html).values("href")


def test_a_link_left_open_ends_with_its_paragraph() -> None:
    html = render('<a name="a-b">c https://d.e\n\nhttps://f.g').html
    assert Page(html).values("href") == ["https://f.g"]
