"""The table of contents: a page's headings and their anchors."""

import re
from dataclasses import dataclass
from typing import Final

from content.anchors import anchor
from content.prose import plain
from content.slugs import slugify

_ID: Final = re.compile(r'(<[a-z0-9]+[^>]*?) id="([^"]*)"')
_HEADING: Final = re.compile(r"<h([1-6])([^>]*)>(.*?)</h\1>", re.DOTALL)
_OWN_ID: Final = re.compile(r' id="([^"]*)"')
_CUSTOM_ID: Final = re.compile(r"\s*\{#([A-Za-z0-9][\w.:-]*)\}\s*\Z", re.ASCII)


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; `parent` is the index of the nearest earlier one of a smaller level."""

    slug: str
    title: str
    level: int
    parent: int | None


def with_contents(html: str) -> tuple[str, tuple[Heading, ...]]:
    """Sanitised `html` with an id on each heading, and its headings in order.

    An id of the author's own stays (`<h2 id="...">`, `## Title {#...}`); any other is the title's
    slug. Every id is there once: a heading's is numbered, another element's repetition dropped.
    """
    contents = _Contents()
    unique = _ID.sub(contents.keep_once, html)
    return _HEADING.sub(contents.enter, unique), tuple(contents.headings)


class _Contents:
    def __init__(self) -> None:
        self.headings: list[Heading] = []
        self._numbers: dict[str, int] = {}  # by id: the last number that was tried
        self._open: list[int] = []  # the headings around the next one

    def keep_once(self, element: re.Match[str]) -> str:
        if element[2] in self._numbers:
            return element[1]
        self._numbers[element[2]] = 0
        return element[0]

    def enter(self, heading: re.Match[str]) -> str:
        level, attributes, content = heading.groups()
        custom = _CUSTOM_ID.search(content)
        content = content[: custom.start()] if custom else content
        title = " ".join(plain(content).split())
        if own := _OWN_ID.search(attributes):
            slug = own[1]
        else:
            slug = self._unique(anchor(custom[1] if custom else slugify(title)))
            attributes += f' id="{slug}"'
        self._append(slug, title, int(level))
        return f"<h{level}{attributes}>{content}</h{level}>"

    def _unique(self, slug: str) -> str:
        unique = slug
        while unique in self._numbers:
            self._numbers[slug] += 1
            unique = f"{slug}-{self._numbers[slug]}"
        self._numbers[unique] = 0
        return unique

    def _append(self, slug: str, title: str, level: int) -> None:
        while self._open and self.headings[self._open[-1]].level >= level:
            self._open.pop()
        parent = self._open[-1] if self._open else None
        self._open.append(len(self.headings))
        self.headings.append(Heading(slug, title, level, parent))
