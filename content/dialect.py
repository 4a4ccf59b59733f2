"""The Markdown that posts are written in: CommonMark with GitHub's extensions."""

from collections.abc import Iterator
from typing import Final

import pyromark
from pyromark.event import Event, Range

_MARKDOWN: Final = pyromark.Markdown(
    options=pyromark.Options.ENABLE_TABLES
    | pyromark.Options.ENABLE_STRIKETHROUGH
    | pyromark.Options.ENABLE_FOOTNOTES
    | pyromark.Options.ENABLE_TASKLISTS
)


def events(markdown: str) -> Iterator[Event]:
    """The parts of `markdown` in order, adjacent text in one."""
    return _MARKDOWN.events(markdown)


def events_with_range(markdown: str) -> Iterator[tuple[Event, Range]]:
    """The parts of `markdown` in order, each with its place in the UTF-8 of it."""
    return _MARKDOWN.events_with_range(markdown)
