"""HTML read by a parser that is not the one under test."""

import re
from html.parser import HTMLParser
from itertools import pairwise
from typing import NamedTuple

INLINE = frozenset({"a", "code", "del", "em", "img", "input", "span", "strong", "sup"})


class Node(NamedTuple):
    kind: str
    """start, end, text or comment"""
    value: str
    """The element's name, or the text."""
    attributes: dict[str, str]


class Page(HTMLParser):
    """The nodes of a page in order, without the white space that has no effect."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self._nodes = [Node("end", "page", {})]
        self._preformatted = 0
        self.feed(html)
        self.close()
        self._nodes.append(Node("start", "page", {}))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._nodes.append(Node("start", tag, {name: value or "" for name, value in attrs}))
        self._preformatted += tag == "pre"

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        self._nodes.append(Node("end", tag, {}))
        self._preformatted -= tag == "pre"

    def handle_comment(self, data: str) -> None:
        self._nodes.append(Node("comment", data, {}))

    def handle_data(self, data: str) -> None:
        text = data if self._preformatted else re.sub(r"[ \t\r\n]+", " ", data)
        self._nodes.append(Node("text", text, {}))

    @property
    def nodes(self) -> list[Node]:
        stripped = [self._nodes[0]]
        for node, following in pairwise(self._nodes[1:]):
            text = node.value.lstrip(" ") if is_block(stripped[-1]) else node.value
            text = text.rstrip(" ") if is_block(following) else text
            if node.kind != "text":
                stripped.append(node)
            elif text:
                stripped.append(Node("text", text, {}))
        return stripped[1:]

    @property
    def elements(self) -> list[Node]:
        return [node for node in self._nodes[:-1] if node.kind == "start"]

    @property
    def addresses(self) -> list[str]:
        """Whatever the page refers to."""
        return [url for name in ("href", "src", "poster", "cite") for url in self.values(name)]

    def values(self, attribute: str) -> list[str]:
        """The values of `attribute`, in order."""
        return [e.attributes[attribute] for e in self.elements if attribute in e.attributes]


def is_block(node: Node) -> bool:
    return node.kind in {"start", "end"} and node.value not in INLINE


def scheme(url: str) -> str:
    """The scheme of `url` as a browser finds it (URL standard, section 4.4); empty if relative."""
    bare = re.sub(r"[\t\r\n]", "", url.lstrip("".join(map(chr, range(33)))))
    match = re.match(r"([A-Za-z][A-Za-z0-9+.-]*):", bare)
    return match[1].lower() if match else ""
