"""WordPress's export format (WXR 1.x), read as a stream: one channel child in memory at a time."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from app.importers.texts import storable
from db.writes.records import BrokenSource, Place

_CHUNK = 1 << 16
_CHANNEL_DEPTH = 2


@dataclass(slots=True)
class Element:
    """An XML element by short name (`title`, `wp:post_id`), with its text and children, at its line."""

    name: str
    line: int
    attributes: dict[str, str]
    text: str = ""
    children: list[Element] = field(default_factory=list)

    def get(self, name: str) -> str:
        """The trimmed text of the first child of that name, "" when there is none."""
        return next((child.text.strip() for child in self.children if child.name == name), "")

    def all(self, name: str) -> list[Element]:
        return [child for child in self.children if child.name == name]

    def meta(self) -> dict[str, str]:
        """`wp:postmeta` by key; of several with one key the last."""
        return {
            entry.get("wp:meta_key"): entry.get("wp:meta_value")
            for entry in self.all("wp:postmeta")
        }


def elements(source: Path) -> Iterator[Element]:
    """The children of `rss/channel` in order; raises BrokenSource with the line of the fault."""
    children = _Children()
    parser = DefusedXMLParser(target=children, forbid_dtd=True)
    children.expat = parser.parser
    try:
        with source.open("rb") as stream:
            for chunk in _chunks(stream):
                parser.feed(chunk)
                yield from children.taken()
        parser.close()
    except OSError as error:
        raise BrokenSource(Place(source.name), f"cannot be read: {error.strerror}") from error
    except DefusedXmlException as error:
        cause = "document types and entities are refused"
        raise BrokenSource(Place(source.name, children.line), cause) from error
    except ParseError as error:
        cause = f"broken XML: {str(error).partition(':')[0]}"
        raise BrokenSource(Place(source.name, error.position[0]), cause) from error
    except (ValueError, LookupError) as error:
        raise BrokenSource(Place(source.name, children.line), f"broken XML: {error}") from error
    yield from children.taken()


def _chunks(stream: BinaryIO) -> Iterator[bytes]:
    while chunk := stream.read(_CHUNK):
        yield chunk


class _Children:
    """A parser's target that keeps each finished child of the channel until it is taken."""

    def __init__(self) -> None:
        self.expat: Any = None
        self._open: list[Element] = []
        self._depth = 0
        self._text: list[str] = []
        self._done: list[Element] = []

    @property
    def line(self) -> int:
        return int(self.expat.CurrentLineNumber)

    def taken(self) -> Iterator[Element]:
        done, self._done = self._done, []
        return iter(done)

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        self._text.clear()
        if self._depth <= _CHANNEL_DEPTH:
            return
        element = Element(_short(tag), self.line, attributes)
        if self._open:
            self._open[-1].children.append(element)
        self._open.append(element)

    def data(self, text: str) -> None:
        self._text.append(text)

    def end(self, _tag: str) -> None:
        self._depth -= 1
        if self._open:
            element = self._open.pop()
            element.text = storable("".join(self._text))
            if not self._open:
                self._done.append(element)
        self._text.clear()

    def close(self) -> None:
        """Called by the parser at the end of the document."""


@functools.cache
def _short(tag: str) -> str:
    # WXR's namespaces changed their scheme and number over the years: http or https, 1.0 to 1.2.
    namespace, _, name = tag.removeprefix("{").rpartition("}")
    prefixes = {
        "/excerpt/": "excerpt:",
        "wordpress.org/export": "wp:",
        "modules/content": "content:",
        "purl.org/dc": "dc:",
    }
    return next((prefix for part, prefix in prefixes.items() if part in namespace), "") + name
