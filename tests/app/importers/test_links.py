"""Links and images are found where Markdown has them, and never inside code."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.importers import links


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        ("[a](b)", [("b", None)]),
        ('![a](b.png "t")', [("b.png", "a")]),
        ("![a](<b c.png>)", [("b c.png", "a")]),
        ("![a](b_(1).png)", [("b_(1).png", "a")]),
        ("[![a](i.png)](page)", [("i.png", "a"), ("page", None)]),
        ("![a][b]\n\n[b]: i.png", [("i.png", "a")]),
        ("![b]\n\n[B]: i.png", [("i.png", "b")]),
        ("[a][b]\n\n[b]: page", [("page", None)]),
        ("[^1]: note", []),
        ('<img alt="a" src="i.png">', [("i.png", "a")]),
        ("<img src='i.png'>", [("i.png", "")]),
        ('<a href="page">', [("page", None)]),
        ('<img data-src="i.png">', []),
        ("`[a](b)`", []),
        ("``[a](b) ` ``", []),
        ("`[a](b)", [("b", None)]),
        ("```\n[a](b)\n```\n[c](d)", [("d", None)]),
        ("~~~\n```\n[a](b)\n~~~\n[c](d)", [("d", None)]),
        ("> ```\n> [a](b)\n> ```\n\n[c](d)", [("d", None)]),
        ("- ```\n  [a](b)\n  ```\n\n[c](d)", [("d", None)]),
        ("````\n```\n[a](b)\n````\n[c](d)", [("d", None)]),
        ("```\n[a](b)", []),
        ("a ` b\n\n[c](d) ` e", [("d", None)]),
    ],
)
def test_links(markdown: str, expected: list[tuple[str, str | None]]) -> None:
    assert [(link.destination, link.alt) for link in links.links(markdown)] == expected


def test_rewritten_destinations() -> None:
    text = "[a](x.md) ![i](<y z.png>) `[b](x.md)`\n\n[r]: x.md"
    new = links.rewritten(text, lambda link: "/x" if link.destination == "x.md" else None)
    assert new == "[a](/x) ![i](<y z.png>) `[b](x.md)`\n\n[r]: /x"


@settings(deadline=None)
@given(st.text(alphabet="a`~[]()!<>\n \\\"'=:#imgsrc"))
def test_any_text(text: str) -> None:
    prose = links.without_code(text)
    assert len(prose) == len(text)
    assert prose.count("\n") == text.count("\n")
    for link in links.links(text):
        assert text[link.start : link.end] == link.destination
    assert links.rewritten(text, lambda _: None) == text


@pytest.mark.parametrize(
    ("destination", "expected"),
    [
        ("a.png", True),
        ("../a.png", True),
        ("/a.png", False),
        ("//host/a.png", False),
        ("#a", False),
        ("https://host/a.png", False),
        ("mailto:a@b", False),
        ("", False),
    ],
)
def test_is_relative(destination: str, expected: bool) -> None:
    assert links.is_relative(destination) is expected
