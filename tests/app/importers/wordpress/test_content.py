"""WordPress's own markup: implied paragraphs, shortcodes, blocks."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.importers.wordpress import content
from db.writes.records import Place

PLACE = Place("export.xml", 7)
IMAGES = [("https://x.example/a.png", "a"), ("https://x.example/b.png", "")]


def converted(source: str) -> tuple[str, list[str]]:
    markdown, notes = content.to_markdown(source, PLACE, lambda _: IMAGES)
    return markdown, [note.element for note in notes]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("a\n\nb", "a\n\nb"),
        ("a\nb", "a  \nb"),
        ("a<br />\nb", "a  \nb"),
        ("<ul>\n<li>a</li>\n</ul>\nb", "- a\n\nb"),
        ("<pre>a\n\nb</pre>\nc", "```\na\n\nb\n```\n\nc"),
        ("a <code>b\n\nc</code> d", "a `b\nc` d"),
        ("<blockquote>a\n\nb</blockquote>", "> a\n>\n> b"),
        ("<h2>a</h2>\nb", "## a\n\nb"),
        ("<!-- wp:paragraph -->\n<p>a\nb</p>\n<!-- /wp:paragraph -->", "a\nb"),
    ],
)
def test_paragraphs(source: str, expected: str) -> None:
    assert converted(source) == (expected, [])


@pytest.mark.parametrize(
    ("source", "expected", "elements"),
    [
        (
            "[gallery]",
            "![a](https://x.example/a.png)\n\n![](https://x.example/b.png)",
            ["shortcode [gallery]"],
        ),
        ("[embed]https://x.example/[/embed]", "<https://x.example/>", ["shortcode [embed]"]),
        (
            '[audio mp3="https://x.example/a.mp3"]',
            "<https://x.example/a.mp3>",
            ["shortcode [audio]"],
        ),
        (
            '[sourcecode language="c"]\nint a;\n[/sourcecode]',
            "```c\nint a;\n```",
            ["shortcode [sourcecode]"],
        ),
        (
            '[caption id="x" caption="b"]<a href="p"><img src="i.png" alt="a"></a>[/caption]',
            "[![a](i.png)](p)\n\n*b*",
            ["shortcode [caption]"],
        ),
        ("[[gallery]]", "\\[gallery\\]", []),
        ("[sic]", "\\[sic\\]", []),
        ("<code>[gallery]</code>", "`[gallery]`", []),
        ('[form id="1"]', '\\[form id="1"\\]', ["shortcode [form]"]),
        (
            "[row][gallery][/row]",
            "\\[row\\]\n\n![a](https://x.example/a.png)\n\n![](https://x.example/b.png)\n\n\\[/row\\]",
            ["shortcode [row]", "shortcode [gallery]"],
        ),
        ("a<!--more-->b", "a\n\nb", ["<!--more-->"]),
        ('<!-- wp:query {"a":{"b":1}} /-->', "", ["block `query`"]),
        (
            '<!-- wp:embed {"url":"https://x.example/v"} --><figure><div>\nhttps://x.example/v\n</div></figure>'
            "<!-- /wp:embed -->",
            "<https://x.example/v>",
            [],
        ),
    ],
)
def test_shortcodes_and_blocks(source: str, expected: str, elements: list[str]) -> None:
    assert converted(source) == (expected, elements)


@settings(deadline=None)
@given(st.text(alphabet='[]/<>!- abpre="\ncodegalyw:\x00\x01'))
def test_any_content(source: str) -> None:
    assert "\0" not in converted(source)[0]
