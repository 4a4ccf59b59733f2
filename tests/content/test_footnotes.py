from content import render
from tests.content.pages import Page


def test_footnotes_come_last_and_are_linked_both_ways() -> None:
    assert render("A[^x] b.\n\n[^x]: The *note*.\n\nEnd.").html == (
        '<p>A<sup class="footnote-ref"><a href="#fn-1" id="fnref-1" rel="noopener noreferrer">1</a>'
        "</sup> b.</p>\n<p>End.</p>\n"
        '<section class="footnotes">\n<ol>\n<li id="fn-1" value="1">\n<p>The <em>note</em>. '
        '<a href="#fnref-1" class="footnote-backref" aria-label="Back to reference 1"'
        ' rel="noopener noreferrer">↩</a></p>\n</li>\n</ol>\n</section>\n'
    )


def test_they_are_numbered_as_they_are_referred_to() -> None:
    page = Page(render("[^b] [^a] [^b]\n\n[^a]: A\n[^b]: B\n").html)
    assert page.values("href")[:3] == ["#fn-1", "#fn-2", "#fn-1"]
    assert page.values("id") == ["fnref-1", "fnref-2", "fn-1", "fn-2"]
    assert [node.value for node in page.nodes if node.value in {"A ", "B "}] == ["B ", "A "]


def test_one_that_nobody_refers_to_is_left_out() -> None:
    assert render("A\n\n[^x]: B\n").html == "<p>A</p>\n"


def test_one_that_is_not_defined_is_text() -> None:
    assert render("A[^x]").html == "<p>A[^x]</p>\n"


def test_one_that_ends_in_code_gets_its_link_back() -> None:
    html = render("A[^x]\n\n[^x]:\n    B\n\n        C\n").html
    assert html.index("<code>C") < html.index("#fnref-1")


def test_no_id_is_made_of_what_the_author_wrote() -> None:
    html = render('A[^"><script>]\n\n[^"><script>]: x\n').html
    assert Page(html).values("id") in ([], ["fnref-1", "fn-1"])
    assert "<script" not in html


def test_a_heading_cannot_take_a_footnote_s_id() -> None:
    page = Page(render("# fn 1\n\nA[^a]\n\n[^a]: b\n").html)
    assert page.values("id") == ["fn-1-1", "fnref-1", "fn-1"]
