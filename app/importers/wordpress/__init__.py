"""WordPress exports (WXR 1.x)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from app.importers.wordpress import comments, menus
from app.importers.wordpress.export import Element, elements
from app.importers.wordpress.index import Index, index
from app.importers.wordpress.posts import Posts
from db.writes.records import Note, Place, Record

_READ_APART = {"nav_menu_item", "page"}


def read(source: Path, now: datetime) -> Iterator[Record]:
    """The publication in the export file `source`; what is dated after `now` is scheduled.

    Raises BrokenSource. The file is read as a stream, twice or, when it has comments, three times.
    """
    found = index(source)
    yield found.publication()
    yield from found.notes
    yield from found.users.values()
    yield from found.tags.values()
    posts, apart = Posts(found, now), list[Element]()
    for item in _items(source):
        kind = item.get("wp:post_type")
        if kind == "post":
            yield from posts.read(item)
        elif kind in _READ_APART:
            apart.append(item)
        elif kind != "attachment":
            yield Note(
                Place(found.file, item.line),
                f"item of type `{kind}`",
                "only posts, pages and menus come in",
            )
    yield from _pages(posts, apart)
    yield from posts.unused()
    if found.has_comments:
        yield from _comments(source, found)
    yield from menus.records(
        found, [item for item in apart if item.get("wp:post_type") == "nav_menu_item"]
    )


def _items(source: Path) -> Iterator[Element]:
    return (element for element in elements(source) if element.name == "item")


def _pages(posts: Posts, apart: list[Element]) -> Iterator[Record]:
    for item in apart:
        if item.get("wp:post_type") == "page":
            yield from posts.read(item)


def _comments(source: Path, found: Index) -> Iterator[Record]:
    for item in _items(source):
        if item.get("wp:post_type") in ("post", "page"):
            yield from comments.of(found, item)
