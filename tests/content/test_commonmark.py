"""The examples of CommonMark 0.31.2; README.md names their source and licence."""

import json
from pathlib import Path
from typing import TypedDict

import pytest

from content import render
from content.contents import with_contents
from content.markup import markup
from content.sanitising import sanitised
from tests.content.pages import Node, Page


class Example(TypedDict):
    example: int
    section: str
    markdown: str
    html: str


EXAMPLES: list[Example] = json.loads(
    Path(__file__).with_name("commonmark-0.31.2.json").read_text(encoding="utf-8")
)

HIGHLIGHTED = "code in a known language is highlighted"
AUTOLINKED = "a bare address is a link, as on GitHub"

DIFFERENCES = {
    142: HIGHLIGHTED,
    143: HIGHLIGHTED,
    602: AUTOLINKED,
    606: AUTOLINKED,
    608: AUTOLINKED,
    611: AUTOLINKED,
    612: AUTOLINKED,
}
"""Why an example has another outcome here. Any that agrees must not be listed."""


NUMBERS = range(1, 653)
AGREEING = [number for number in NUMBERS if number not in DIFFERENCES]


def example(number: int) -> Example:
    return EXAMPLES[number - 1]


def rendered(markdown: str) -> list[Node]:
    return Page(render(markdown).html).nodes


def made_safe(html: str) -> list[Node]:
    return Page(with_contents(sanitised(html))[0]).nodes


def test_all_the_examples_are_here() -> None:
    assert [each["example"] for each in EXAMPLES] == list(NUMBERS)


@pytest.mark.parametrize("number", AGREEING)
def test_the_markup_is_the_specification_s(number: int) -> None:
    assert Page(markup(example(number)["markdown"])).nodes == Page(example(number)["html"]).nodes


@pytest.mark.parametrize("number", AGREEING)
def test_the_rendered_page_is_the_specification_s_made_safe(number: int) -> None:
    assert rendered(example(number)["markdown"]) == made_safe(example(number)["html"])


@pytest.mark.parametrize("number", DIFFERENCES)
def test_what_is_listed_as_different_differs(number: int) -> None:
    assert rendered(example(number)["markdown"]) != made_safe(example(number)["html"])
