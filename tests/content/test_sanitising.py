import pytest

from content import MAX_DEPTH, NestingTooDeep, render
from content.balancing import MAX_ATTRIBUTES
from content.sanitising import sanitised
from tests.content.pages import Page, scheme


@pytest.mark.parametrize(
    "html",
    [
        "<details open><summary>a</summary>b</details>",
        "<figure><img src='/a.png' alt='a' width='10' height='20'><figcaption>b</figcaption></figure>",
        "<p>a<kbd>b</kbd><sup>c</sup><sub>d</sub><mark>e</mark><br>f<wbr>g</p>",
        '<table><tbody><tr><td align="right" colspan="2" rowspan="3">a</td></tr></tbody></table>',
        '<video src="https://a.b/c.mp4" controls poster="/d.png"></video>',
        '<audio controls><source src="https://a.b/c.ogg" type="audio/ogg"></audio>',
        '<p align="center" lang="fr" dir="ltr" title="a">b</p>',
        '<ol start="3" reversed><li value="7">a</li></ol>',
        "<ruby>漢<rp>(</rp><rt>kan</rt><rp>)</rp></ruby>",
        '<dl><dt>a</dt><dd>b</dd></dl>',
        '<blockquote cite="https://a.b/">a</blockquote>',
        '<time datetime="2026-01-01">a</time>',
        '<a id="a-b" name="c-d" href="https://e.f/" rel="noopener noreferrer">g</a>',
    ],
)  # fmt: skip
def test_what_blogs_use_stays(html: str) -> None:
    assert Page(sanitised(html)).nodes == Page(html).nodes


@pytest.mark.parametrize(
    ("html", "safe"),
    [
        ("a<script>alert(1)</script>b", "ab"),
        ("a<SCRIPT src=x>alert(1)</ScRiPt >b", "ab"),
        ("a<style>b{}</style>c", "ac"),
        ('a<svg onload="x"><script>b</script></svg>c', "ac"),
        ("a<math><mi>b</mi></math>c", "ac"),
        ('a<iframe src="https://b.c"></iframe>d', "ad"),
        ("a<object data=b></object><embed src=c>d", "ad"),
        ("a<form action=b><button>c</button></form>", "ac"),
        ("a<!-- b -->c<?php d ?>e<!DOCTYPE f>g", "aceg"),
        ("a<base href=b><meta http-equiv=refresh><link rel=stylesheet href=c>d", "ad"),
        ('<p style="a:b" onclick="c" data-d="e">f</p>', "<p>f</p>"),
        ('<p class="a">b</p>', "<p>b</p>"),
        ('<span class="k a">b</span>', '<span class="k">b</span>'),
        ('<noscript><img src="/a.png"></noscript>', '<img src="/a.png">'),
        ("<input type=text name=a value=b>", '<input disabled="">'),
        ("a < b & c > d", "a &lt; b &amp; c &gt; d"),
        ("<script>a", "a"),
        ("<a", "&lt;a"),
        ('<p title="a<b">c', '&lt;p title="a'),
    ],
)
def test_what_does_not(html: str, safe: str) -> None:
    assert sanitised(html).startswith(safe)


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        " javascript:alert(1)",
        "java\tscript:alert(1)",
        "java&#10;script:alert(1)",
        "&#106;avascript:alert(1)",
        "\x01javascript:alert(1)",
        "vbscript:a",
        "data:text/html,<script>alert(1)</script>",
        "data:image/png;base64,AAAA",
        "file:///etc/passwd",
    ],
)
def test_no_link_or_image_goes_to(url: str) -> None:
    html = f'<a href="{url}">a</a><img src="{url}"><video src="{url}" poster="{url}"></video>'
    for page in (Page(sanitised(html)), Page(render(f"[a]({url}) ![b](<{url}>) <{url}>").html)):
        assert {scheme(address) for address in page.addresses} <= {""}


@pytest.mark.parametrize("url", ["/a", "b.html", "//c.d/e", "?f=g", "http://h.i", "https://j.k"])
def test_links_and_images_go_to(url: str) -> None:
    page = Page(render(f"[a]({url}) ![b]({url})").html)
    assert (page.values("href"), page.values("src")) == ([url], [url])


@pytest.mark.parametrize("url", ["mailto:a@b.c", "tel:+123"])
def test_only_links_go_to(url: str) -> None:
    page = Page(render(f"[a]({url}) ![b]({url})").html)
    assert (page.values("href"), page.values("src")) == ([url], [])


def test_every_link_says_whose_window_it_opens() -> None:
    page = Page(render("[a](b) <https://c.d> e@f.g <a href=h rel=opener target=_blank>i</a>").html)
    assert page.values("rel") == 4 * ["noopener noreferrer"]
    assert page.values("target") == []


@pytest.mark.parametrize(
    ("soup", "nested"),
    [
        ("<b><i>a</b></i>c", "<b><i>a</i></b>c"),
        ("<p>a<p>b", "<p>a</p><p>b</p>"),
        ("<p><b>a<div>c</div>", "<p><b>a</b></p><div>c</div>"),
        ("<ul><li>a<li>b</ul>", "<ul><li>a</li><li>b</li></ul>"),
        ("<dl><dt>a<dd>b<dt>c</dl>", "<dl><dt>a</dt><dd>b</dd><dt>c</dt></dl>"),
        ("<table><tr><td>a<td>b</table>", "<table><tbody><tr><td>a</td><td>b</td></tr></tbody></table>"),
        ('<a href="/b"><div>a</div></a>', '<a href="/b" rel="noopener noreferrer"><div>a</div></a>'),
        ("<div><table><tr><td></div>a", "<div><table><tbody><tr><td>a</td></tr></tbody></table></div>"),
        ("<li>a</li></div></p>", "a"),
        ("<td>a</td>", "a"),
    ],
)  # fmt: skip
def test_tag_soup_is_nested(soup: str, nested: str) -> None:
    assert sanitised(soup) == nested


def test_depth_has_a_limit() -> None:
    deepest = "<div>" * MAX_DEPTH
    assert sanitised(deepest) == deepest + "</div>" * MAX_DEPTH
    with pytest.raises(NestingTooDeep, match="more than 200 deep"):
        sanitised("<div>" + deepest)
    with pytest.raises(NestingTooDeep):
        render("> " * (MAX_DEPTH + 1) + "a")


def test_long_text_stays_whole() -> None:
    for text in ("a &amp; b ", "…", "a&nbsp;b", "&lt;&amp;"):
        assert sanitised(text * 5_000) == text * 5_000


def test_attributes_have_a_limit() -> None:
    title = "a" * (MAX_ATTRIBUTES - len(' title=""'))
    assert sanitised(f'<p title="{title}">b</p>') == f'<p title="{title}">b</p>'
    assert sanitised(f'<p title="{title}a">b</p>') == "<p>b</p>"
