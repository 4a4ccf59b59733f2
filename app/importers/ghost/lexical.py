"""Lexical documents, the format of Ghost's editor since 5.0."""

from __future__ import annotations

import html as entities
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from app.importers.ghost.cards import Part, card

# Lexical's bit mask of text formats, the innermost element first.
_FORMATS = (
    (16, "code"),
    (1, "strong"),
    (2, "em"),
    (4, "s"),
    (8, "u"),
    (32, "sub"),
    (64, "sup"),
    (128, "mark"),
)
_TEXT = {"text", "extended-text", "tab"}
_QUOTES = {"quote", "extended-quote", "aside"}
_HEADINGS = {"heading", "extended-heading"}


class Node(BaseModel):
    """A node of any type; a card's payload is in `model_extra`."""

    model_config = ConfigDict(extra="allow")

    type: str = ""
    children: list[Node] = Field(default_factory=list)
    text: str = ""
    format: int | str = 0
    tag: str = "h2"
    listType: str = "bullet"
    start: int = 1
    url: str | None = None
    title: str | None = None


class _Document(BaseModel):
    root: Node


def parts(document: str) -> Iterator[Part]:
    """The blocks of a document; raises ValueError when it is none."""
    return (_block(node) for node in _Document.model_validate_json(document).root.children)


def _block(node: Node) -> Part:
    if node.type in _HEADINGS:
        level = node.tag if node.tag in ("h1", "h2", "h3", "h4", "h5", "h6") else "h2"
        return Part(f"<{level}>{_inline(node)}</{level}>")
    if node.type in _QUOTES:
        return Part(f"<blockquote><p>{_inline(node)}</p></blockquote>")
    if node.type == "list":
        return Part(_list(node))
    if node.type == "paragraph" or (node.children and not node.model_extra):
        return Part(f"<p>{_inline(node)}</p>")
    return card(node.type, _payload(node))


def _payload(node: Node) -> dict[str, Any]:
    return {**(node.model_extra or {}), "url": node.url, "title": node.title}


def _list(node: Node) -> str:
    tag = "ol" if node.listType == "number" else "ul"
    items = "".join(f"<li>{_inline(item)}</li>" for item in node.children)
    # A nested list is an item of its own, shown inside the item before it.
    items = items.replace("</li><li><ul", "<ul").replace("</li><li><ol", "<ol")
    return f'<{tag} start="{node.start}">{items}</{tag}>'


def _inline(node: Node) -> str:
    return "".join(map(_element, node.children))


def _element(node: Node) -> str:
    if node.type in _TEXT:
        return _formatted(node)
    if node.type == "linebreak":
        return "<br>"
    if node.type == "list":
        return _list(node)
    if node.type in ("link", "autolink", "at-link"):
        return f'<a href="{entities.escape(node.url or "")}">{_inline(node)}</a>'
    return _inline(node)


def _formatted(node: Node) -> str:
    mask, text = (
        node.format if isinstance(node.format, int) else 0,
        entities.escape(node.text, quote=False),
    )
    for bit, tag in _FORMATS:
        if mask & bit and text:
            text = f"<{tag}>{text}</{tag}>"
    return text
