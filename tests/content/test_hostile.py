"""No input makes rendering crash, hang or blow up."""

import sys
from types import FrameType

import pytest

from content import NestingTooDeep, render
from tests.content.hostile import INPUTS

SIZE = 4_000
MISSING_CELLS = 2**18 * len("<td></td>")
"""What the parser adds at most to tables with short rows."""


def outcome(markdown: str) -> int:
    """The size of what `markdown` becomes."""
    try:
        return len(render(markdown).html)
    except NestingTooDeep:
        return 0


def steps(markdown: str) -> int:
    """How many calls, of Python and of C, rendering takes."""
    count = 0

    def profile(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal count
        count += event in {"call", "c_call"}

    sys.setprofile(profile)
    try:
        outcome(markdown)
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize("name", INPUTS)
def test_twice_the_input_takes_twice_the_steps(name: str) -> None:
    once, twice = steps(INPUTS[name](SIZE)), steps(INPUTS[name](2 * SIZE))
    assert twice <= 2.5 * once + 1000


@pytest.mark.parametrize("name", INPUTS)
def test_a_large_input_is_rendered_to_bounded_html(name: str) -> None:
    markdown = INPUTS[name](10 * SIZE)
    assert outcome(markdown) <= 40 * len(markdown) + MISSING_CELLS


@pytest.mark.parametrize("text", ["> ", "[", "*a ", "`", "<div>", "<", "- ", "![", "$$", "&"])
def test_a_hundred_thousand_of(text: str) -> None:
    assert outcome(text * 100_000) <= 40 * len(text) * 100_000
