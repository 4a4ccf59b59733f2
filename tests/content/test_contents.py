import pytest

from content import Heading, render
from tests.content.pages import Page


def slugs(markdown: str) -> list[str]:
    rendered = render(markdown)
    page = Page(rendered.html)
    ids = [e.attributes["id"] for e in page.elements if e.value in {f"h{n}" for n in range(1, 7)}]
    assert ids == [heading.slug for heading in rendered.headings]
    return ids


def test_the_parent_is_the_nearest_heading_of_a_smaller_level() -> None:
    headings = render("## A a\n#### B b\n### C c\n# D d\n### E e\n").headings
    assert headings == (
        Heading("a-a", "A a", 2, None),
        Heading("b-b", "B b", 4, 0),
        Heading("c-c", "C c", 3, 0),
        Heading("d-d", "D d", 1, None),
        Heading("e-e", "E e", 3, 3),
    )


def test_repeated_titles_are_numbered() -> None:
    assert slugs("# a b\n# a b\n# a b 1\n# a b\n") == ["a-b", "a-b-1", "a-b-1-1", "a-b-2"]


def test_a_title_is_plain_text() -> None:
    (heading,) = render("# *One* `two` <kbd>three</kbd> ![four](x) &amp; [five](y)\n").headings
    assert heading.title == "One two three & five"


@pytest.mark.parametrize(
    ("markdown", "slug"),
    [
        ("# What's in 1.88.0?", "what-s-in-1-88-0"),
        ("# Привет, мир", "privet-mir"),
        ("# 日本語", "ri-ben-yu"),
        ("# 🎉", "section-untitled"),
        ("#", "section-untitled"),
        ("Set ext\n=======", "set-ext"),
        ("<h2>Raw heading</h2>", "raw-heading"),
        ('<h2 id="my-own">Raw</h2>', "my-own"),
        ("# Title {#my-own}", "my-own"),
        ("# The title {#-}", "the-title"),
        ("# The `{a, b}` {set}", "the-a-b-set"),
    ],
)
def test_the_slug_of(markdown: str, slug: str) -> None:
    assert slugs(markdown) == [slug]


@pytest.mark.parametrize("name", ["location", "Config", "body", "__proto__", "cookie", "2018"])
def test_no_id_is_a_name_in_a_script(name: str) -> None:
    for markdown in (f"# {name}", f'<a id="{name}"></a>', f"# x {{#{name}}}", f'<a name="{name}">'):
        page = Page(render(markdown).html)
        assert all("-" in value for value in [*page.values("id"), *page.values("name")])
        assert page.values("id") or page.values("name")


def test_a_link_into_the_page_follows_its_heading() -> None:
    page = Page(render("[up](#documentation)\n\n# Documentation\n").html)
    assert page.values("href") == ["#section-documentation"]
    assert page.values("id") == ["section-documentation"]


def test_every_id_is_there_once() -> None:
    html = render('<a id="a-b">1</a> <a id="a-b">2</a>\n\n# A b\n').html
    assert Page(html).values("id") == ["a-b", "a-b-1"]
    assert '<a rel="noopener noreferrer">2</a>' in html


def test_a_heading_never_lies_in_another() -> None:
    titles = [heading.title for heading in render("<h1>a<h2>b<div><h3>c</h1>").headings]
    assert titles == ["a", "b", "c"]
