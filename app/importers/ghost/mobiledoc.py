"""Mobiledoc 0.3 documents, the format of Ghost's editor from 1.0 to 4.x.

Sections, markers and markups are arrays by position, as MOBILEDOC.md of bustle/mobiledoc-kit describes.
"""

from __future__ import annotations

import html as entities
from collections.abc import Iterator
from typing import Any

import orjson

from app.importers.ghost.cards import Part, card

_MARKUP, _IMAGE, _LIST, _CARD = 1, 2, 3, 10
_ATOM = 1
_INLINE = {"a", "b", "code", "em", "i", "s", "strong", "sub", "sup", "u"}
_BLOCKS = {"aside": "blockquote", "blockquote": "blockquote", "pull-quote": "blockquote"}


def parts(document: str) -> Iterator[Part]:
    """The sections of a document; raises ValueError when it is none."""
    content = orjson.loads(document)
    try:
        yield from (_section(content, section) for section in content["sections"])
    except (TypeError, KeyError, IndexError, AttributeError) as error:
        raise ValueError(f"broken mobiledoc: {error}") from error


def _section(content: Any, section: Any) -> Part:
    kind = section[0]
    if kind == _MARKUP:
        tag = _BLOCKS.get(section[1], section[1])
        tag = tag if tag in ("h1", "h2", "h3", "h4", "h5", "h6", "blockquote") else "p"
        return Part(f"<{tag}>{_markers(content, section[2])}</{tag}>")
    if kind == _IMAGE:
        return card("image", {"src": section[1]})
    if kind == _LIST:
        tag = "ol" if section[1] == "ol" else "ul"
        items = "".join(f"<li>{_markers(content, item)}</li>" for item in section[2])
        return Part(f"<{tag}>{items}</{tag}>")
    if kind == _CARD:
        name, payload = content["cards"][section[1]]
        return card(str(name), payload if isinstance(payload, dict) else {})
    raise ValueError(f"broken mobiledoc: section of kind {kind!r}")


def _markers(content: Any, markers: Any) -> str:
    pieces: list[str] = []
    open_tags: list[str] = []
    for kind, opening, closing, value in markers:
        for index in opening:
            tag, start = _markup(*content["markups"][index])
            open_tags.append(tag)
            pieces.append(start)
        pieces.append(
            _atom(content, value) if kind == _ATOM else entities.escape(str(value), quote=False)
        )
        pieces += [f"</{open_tags.pop()}>" for _ in range(min(closing, len(open_tags)))]
    return "".join(pieces)


def _markup(tag: Any, attributes: Any = ()) -> tuple[str, str]:
    name = tag if tag in _INLINE else "span"
    pairs = dict(zip(attributes[::2], attributes[1::2], strict=False))
    href = pairs.get("href")
    return name, f'<a href="{entities.escape(str(href))}">' if name == "a" and href else f"<{name}>"


def _atom(content: Any, index: Any) -> str:
    name, text, *_ = content["atoms"][index]
    return "<br>" if name == "soft-return" else entities.escape(str(text), quote=False)
