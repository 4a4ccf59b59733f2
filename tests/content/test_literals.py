import pytest

from content import render
from tests.content.pages import Page


@pytest.mark.parametrize(
    "formula",
    [
        "$$a_b * c_d * e$$",
        r"\(x_1 * y_2 * z\)",
        r"$$\frac{a}{b} \\ c$$",
        r"$$[a](b) `c` ![d](e) https://f.g$$",
        r"$$\href{https://a.b/c_d}{e}$$",
        "$$\na_1 * b_1 * c\n= d\n- e\n$$",
    ],
)
def test_a_formula_reaches_the_client_as_it_is(formula: str) -> None:
    post = render(f"Before {formula} after")
    assert post.html == f"<p>Before {formula} after</p>\n"
    assert post.has_latex is True


def test_a_formula_s_tags_are_text() -> None:
    assert render(r"$$a <b> c & d$$").html == "<p>$$a &lt;b&gt; c &amp; d$$</p>\n"
    assert render("$$<script>alert(1)</script>$$").html == (
        "<p>$$&lt;script&gt;alert(1)&lt;/script&gt;$$</p>\n"
    )


def test_a_double_backslash_writes_the_same_formula() -> None:
    assert render(r"\\(a_b * c_d\\)").html == "<p>\\(a_b * c_d\\)</p>\n"


def test_a_formula_in_a_quotation_and_in_a_table() -> None:
    assert render("> $$\n> a_b > c_d\n> $$\n").html == (
        "<blockquote>\n<p>$$\na_b &gt; c_d\n$$</p>\n</blockquote>\n"
    )
    assert "<td>$$a_b$$</td><td>$$c_d$$</td>" in render("|x|y|\n|-|-|\n|$$a_b$$|$$c_d$$|\n").html


def test_what_is_code_or_an_address_is_no_formula() -> None:
    assert render("`$$a` *b* `c$$`").html == "<p><code>$$a</code> <em>b</em> <code>c$$</code></p>\n"
    assert render("    $$a_b$$\n").html == "<pre><code>$$a_b$$\n</code></pre>\n"
    assert 'href="http://a/$$b_c$$"' in render("<http://a/$$b_c$$>").html
    assert 'href="/$$b_c$$"' in render("[a](/$$b_c$$)").html


def test_a_code_span_does_not_hide_the_formula_after_it() -> None:
    assert render("`$$` is $$a_b * c_d$$").html == "<p><code>$$</code> is $$a_b * c_d$$</p>\n"


def test_one_dollar_is_money() -> None:
    post = render("$5 *each*, or 10$")
    assert post.html == "<p>$5 <em>each</em>, or 10$</p>\n"
    assert post.has_latex is False


def test_a_formula_ends_with_its_paragraph() -> None:
    assert render("$$a\n\n*b* $$").html == "<p>$$a</p>\n<p><em>b</em> $$</p>\n"


def test_a_formula_ends_with_its_cell() -> None:
    html = render("|a|b|\n|-|-|\n| $$ | $$ |\n| \\(*c* | *d*\\) |\n").html
    assert "<td>$$</td><td>$$</td>" in html
    assert "<td>(<em>c</em></td><td><em>d</em>)</td>" in html


@pytest.mark.parametrize(
    "url",
    [
        "https://docs.python.org/3/library/__main__.html",
        "https://a.b/c_d_e?f=_g_&h=*i*~~j~~k",
        "http://a.b/(c_d)_e",
    ],
)
def test_a_bare_url_has_no_emphasis_in_it(url: str) -> None:
    for markdown in (f"See {url}.", f"**{url}**", f"_{url}_, *{url}*", f"|a|\n|-|\n|{url}|\n"):
        assert set(Page(render(markdown).html).values("href")) == {url}
    assert Page(render(f"[{url}]({url}) <{url}>").html).values("href") == [url, url]
    assert render(f"`{url}`").text == url
