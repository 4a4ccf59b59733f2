"""HTML into Markdown, element by element."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from hypothesis import given, settings
from hypothesis import strategies as st

from app.importers import html
from content import render
from db.writes.records import Place

PLACE = Place("export", 3)


def converted(source: str) -> str:
    return html.to_markdown(source, PLACE)[0]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("<h2>A</h2><p>b <em>c</em> <strong>d</strong></p>", "## A\n\nb *c* **d**"),
        ("<p>a<br>b</p>", "a  \nb"),
        (
            '<p><a href="https://x.example/a b(c)" title="t">d</a></p>',
            '[d](https://x.example/a%20b%28c%29 "t")',
        ),
        ("<p>https://x.example/a_b</p>", "<https://x.example/a_b>"),
        ("<ol start=3><li>a<ul><li>b</li></ul></li><li>c</li></ol>", "3. a\n   - b\n4. c"),
        ('<pre><code class="language-py">x = 1\n</code></pre>', "```py\nx = 1\n```"),
        ('<pre class="brush: php">x</pre>', "```php\nx\n```"),
        ("<p><code>a `b`</code></p>", "`` a `b` ``"),
        ("<blockquote><p>a</p><p>b</p></blockquote>", "> a\n>\n> b"),
        (
            '<figure><img src="i.png" alt="a"><figcaption>b</figcaption></figure>',
            "![a](i.png)\n\n*b*",
        ),
        ('<a href="p"><img src="i.png" alt=""></a>', "[![](i.png)](p)"),
        ("<table><tr><th>a</th></tr><tr><td>b|c</td></tr></table>", "| a |\n| --- |\n| b\\|c |"),
        ("<p>H<sub>2</sub>O <kbd>x</kbd></p>", "H<sub>2</sub>O <kbd>x</kbd>"),
        ('<abbr title="a &quot;b&quot;">c</abbr>', '<abbr title="a &quot;b&quot;">c</abbr>'),
        ("<p>2 * 3 &lt; 7 [x] `y` \\z</p>", "2 \\* 3 \\< 7 \\[x\\] \\`y\\` \\\\z"),
        ("<p>snake_case _x_ &amp;amp; a & b</p>", "snake_case \\_x\\_ \\&amp; a & b"),
        ("<p># a</p><p>1. b</p><p>- c</p>", "\\# a\n\n1\\. b\n\n\\- c"),
        (
            '<iframe src="https://www.youtube.com/embed/abc?rel=0"></iframe>',
            "<https://www.youtube.com/watch?v=abc>",
        ),
        ('<video><source src="/v.mp4"></video>', "[/v.mp4](/v.mp4)"),
        ("a<![CDATA[b", "a\\<!\\[CDATA\\[b"),
        ("", ""),
    ],
)
def test_to_markdown(source: str, expected: str) -> None:
    assert converted(source) == expected


@pytest.mark.parametrize(
    ("source", "element", "dropped"),
    [
        ("<script>x()</script>", "HTML <script>", True),
        ("<form><input></form>", "HTML <form>", True),
        ("<img alt='a'>", "HTML <img>", True),
        ("<iframe></iframe>", "HTML <iframe>", True),
        ('<audio src="a.mp3"></audio>', "HTML <audio>", False),
        ("<dl><dt>a</dt><dd>b</dd></dl>", "HTML <dl>", False),
        ("<details><summary>a</summary>b</details>", "HTML <details>", False),
        ("<table><tr><td colspan=2>a</td></tr></table>", "HTML <table>", False),
    ],
)
def test_what_markdown_cannot_say_is_noted(source: str, element: str, dropped: bool) -> None:
    notes = html.to_markdown(source, PLACE)[1]
    assert (notes[-1].place, notes[-1].element, notes[-1].dropped) == (PLACE, element, dropped)


def test_deep_nesting_comes_in_as_text() -> None:
    markdown, notes = html.to_markdown("<div>" * 5_000 + "deep" + "</div>" * 5_000, PLACE)
    assert markdown == "deep"
    assert [note.reason for note in notes] == [
        "nested deeper than 100 elements: it came in as plain text"
    ]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("a <em>b</em> &amp; c", "a b & c"),
        ("a < b > c", "a < b > c"),
        ("a\n  b", "a b"),
    ],
)
def test_to_text(source: str, expected: str) -> None:
    assert html.to_text(source) == expected


words = st.text(alphabet="ab12 *_`#>+-.)([]<&|\\~!\"'", max_size=30)


@settings(deadline=None)
@given(words)
def test_text_reads_the_same_after_rendering(text: str) -> None:
    source = BeautifulSoup("<p></p>", "html.parser")
    assert source.p
    source.p.string = text
    shown = BeautifulSoup(render(converted(str(source))).html, "html.parser").get_text()
    assert shown.split() == text.split()


@settings(deadline=None)
@given(st.text(alphabet="<>/!-[]=\"' apdivtrulolicode\n&;"))
def test_any_html(source: str) -> None:
    converted(source).encode()
