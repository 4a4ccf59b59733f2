"""What holds for the rendering of any text."""

from hypothesis import given, settings
from hypothesis import strategies as st

from content import NestingTooDeep, Rendered, render
from content.sanitising import sanitised
from tests.content.pages import Page, scheme

ELEMENT_NAMES = (
    "a abbr address article aside audio b bdi bdo blockquote br caption cite code col colgroup data dd"
    " del details dfn div dl dt em figcaption figure footer h1 h2 h3 h4 h5 h6 header hr i img input ins"
    " kbd li main mark nav ol p pre q rp rt ruby s samp section small source span strike strong sub"
    " summary sup table tbody td tfoot th thead time tr tt u ul var video wbr page"
)
ATTRIBUTE_NAMES = (
    "align alt aria-label checked cite class colspan controls datetime dir disabled headers height href"
    " id lang loop muted name open poster preload rel reversed rowspan scope span src start title type"
    " value width"
)
ELEMENTS = frozenset(ELEMENT_NAMES.split())
ATTRIBUTES = frozenset(ATTRIBUTE_NAMES.split())
PIECES = (
    "# ", "\n", "\n\n", "  ", "\t", "> ", "- ", "1. ", "- [x] ", "---\n", "===\n", "```",
    "```rust\n", "`", "*", "**", "_", "~~", "[", "]", "](", ")", "![", "<", ">", "&", "&lt;",
    "&#106;", "\\", "|", "|-|\n", "$$", "\\(", "\\)", "[^a]", "[^a]: ", "[a]: ", "https://a.b",
    "www.a.b", "a@b.c", "javascript:alert(1)", "data:text/html,", "vbscript:", "{#id}", '"', "'",
    "=", "/", "//", "--", "<!--", "-->", "<![CDATA[", "]]>", "<?", "?>", "<script>", "</script>",
    "<style>", "</style>", "<svg>", "</svg>", "<svg/onload=alert(1)>", "<math>", "<mtext>",
    "<a href=", "<a name=body>", "<a id=a>", "</a>", "<b>", "</b>", "<i class='x'>", "</i>", "<p>",
    "</p>", "<p style=x onclick=y>", "<div>", "</div>", "<table>", "<tr>", "<td>", "</td>",
    "</table>", "<ul>", "<li>", "</ul>", "<img src=x onerror=alert(1)>", "<img src=",
    "<iframe src=x>", "</iframe>", "<template>", "<form>", "<input>", "<select>", "<option>",
    "<textarea>", "</textarea>", "<title>", "</title>", "<noscript>", "</noscript>", "<xmp>",
    "<plaintext>", "<h1>", "</h1>", "<h2 id=location>", "<details>", "<summary>", "<base href=x>",
    "<object data=x>", "<embed src=x>", "<video src=x>", "<a\n", "<b x=\"", "<!doctype html>", "\0",
    "\x0b", "\ud800", "\u2028", "é", "漢字", "😀", "a", "b c", "1",
)  # fmt: skip

soups = st.lists(st.one_of(st.sampled_from(PIECES), st.text(st.characters(), max_size=4))).map(
    "".join
)


def rendered(markdown: str) -> Rendered:
    try:
        return render(markdown)
    except NestingTooDeep:
        return render("")


@given(soups)
@settings(deadline=None, max_examples=300)
def test_nothing_runs_a_script(soup: str) -> None:
    page = Page(rendered(soup).html)
    assert {element.value for element in page.elements} <= ELEMENTS
    assert {name for element in page.elements for name in element.attributes} <= ATTRIBUTES
    assert {scheme(url) for url in page.addresses} <= {"", "http", "https", "mailto", "tel"}
    assert {scheme(url) for url in page.values("src")} <= {"", "http", "https"}


@given(soups)
@settings(deadline=None)
def test_what_is_safe_stays_as_it_is(soup: str) -> None:
    html = rendered(soup).html
    assert sanitised(html) == html


@given(soups)
@settings(deadline=None)
def test_ids_are_unique_and_the_headings_are_theirs(soup: str) -> None:
    post = rendered(soup)
    page = Page(post.html)
    ids = page.values("id")
    assert len(ids) == len(set(ids))
    assert all("-" in name for name in [*ids, *page.values("name")])
    headings = [e for e in page.elements if e.value in {"h1", "h2", "h3", "h4", "h5", "h6"}]
    assert [(f"h{h.level}", h.slug) for h in post.headings] == [
        (e.value, e.attributes["id"]) for e in headings
    ]


@given(soups)
@settings(deadline=None)
def test_parents_are_nearest_headings_of_smaller_level(soup: str) -> None:
    headings = rendered(soup).headings
    for index, heading in enumerate(headings):
        smaller = [i for i in range(index) if headings[i].level < heading.level]
        assert heading.parent == max(smaller, default=None)


@given(soups)
@settings(deadline=None)
def test_everything_can_be_stored_and_counted(soup: str) -> None:
    post = rendered(soup)
    for text in (post.html, post.text, post.brief, *(h.title for h in post.headings)):
        assert "\0" not in text
        assert text.encode().decode() == text
    assert len(post.brief) <= 250
    assert "\n" not in post.brief
    assert post.read_time_minutes >= 1


@given(soups)
@settings(deadline=None)
def test_the_same_markdown_renders_the_same(soup: str) -> None:
    assert rendered(soup) == rendered(soup)
