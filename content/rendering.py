"""Markdown to everything that a post needs, once, when it is written."""

import re
from dataclasses import dataclass
from typing import Final

from content.contents import Heading, with_contents
from content.literals import has_latex
from content.markup import markup
from content.prose import brief, plain, read_time_minutes
from content.sanitising import sanitised

_UNSTORABLE: Final = re.compile("[\0\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Rendered:
    """A rendered document."""

    html: str
    """Safe to show; `id`s on the headings, Pygments' classes in code, TeX left to the client."""
    text: str
    """Plain text of all of it."""
    headings: tuple[Heading, ...]
    brief: str
    """The first prose, at most 250 characters on one line; may be empty."""
    read_time_minutes: int
    has_latex: bool
    """The Markdown has `$$` or `\\\\(`."""


def render(markdown: str) -> Rendered:
    """Render CommonMark 0.31.2 with tables, strikethrough, footnotes, task lists, bare links.

    Takes any string, in time linear in its size; NUL and lone surrogates, which no database
    stores, become U+FFFD. Raises NestingTooDeep where elements lie more than 200 deep.
    """
    source = _UNSTORABLE.sub("\N{REPLACEMENT CHARACTER}", markdown)
    html, headings = with_contents(sanitised(markup(source)))
    text = plain(html)
    return Rendered(html, text, headings, brief(html), read_time_minutes(text), has_latex(source))
