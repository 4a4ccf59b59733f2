"""The text of a post or page: shortcodes written out, links to files resolved, images listed."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import unquote

from app.importers import links
from app.importers.markdown.entry import Entry
from app.importers.markdown.shortcodes import expanded
from app.importers.markdown.tree import MARKDOWN, Tree
from db.writes.records import MediaRecord, Note, Place

# What the renderer's sanitiser takes out, so that a reader of the report knows where something is missing.
_UNSAFE = re.compile(
    r"<(script|style|iframe|form|object|embed|button|input|link|meta)\b", re.IGNORECASE
)
_ABSENT = "the source has no such file: the reference was left as it is"
_LEFT = "the file is not copied: the reference was left as it is"
_STATIC = (PurePosixPath("static"), PurePosixPath("assets"), PurePosixPath())


@dataclass(frozen=True, slots=True)
class Addresses:
    """Addresses on the old site by file: by path below the content's folder, and by name alone."""

    by_path: Mapping[str, str]
    by_name: Mapping[str, str]

    def of(self, path: str) -> str | None:
        """The address of a file named by path, with or without its suffix, or by name; None for no file."""
        wanted = path.strip("/").removeprefix("_posts/")
        names = (
            wanted,
            f"{wanted}.md",
            f"{wanted}/index.md",
            f"_posts/{wanted}",
            f"_posts/{wanted}.md",
        )
        by_path = next((self.by_path[name] for name in names if name in self.by_path), None)
        return by_path or self.by_name.get(PurePosixPath(wanted).stem)


def addresses(entries: list[Entry]) -> Addresses:
    """Where each file of the tree was found on the old site."""
    by_path = {item.key: item.address for item in entries}
    return Addresses(by_path, {item.path.stem: item.address for item in entries})


@dataclass(frozen=True, slots=True)
class Body:
    markdown: str
    media: tuple[MediaRecord, ...]
    notes: tuple[Note, ...]


def body(tree: Tree, known: Addresses, item: Entry, text: str) -> Body:
    """Turns the text of an entry into plain Markdown."""
    file, line = str(item.path), item.body_line

    def resolve(target: str) -> str | None:
        path, mark, fragment = target.partition("#")
        address = known.of(_from_root(item, path)) or known.of(path)
        return None if address is None else f"/{address}{mark}{fragment}"

    text, notes = expanded(text, file, line, resolve, is_jekyll=tree.is_jekyll)
    notes += _unresolved(known, item, text)
    text = links.rewritten(text, lambda link: _address(known, item, link.destination))
    found = [link for link in links.links(text) if link.alt is not None]
    media = {link.destination: _media(tree, item, link) for link in found if link.destination}
    notes += _relative_images(media, found, text, item)
    notes += _unsafe(text, file, line)
    return Body(text.strip("\n"), tuple(media.values()), tuple(notes))


def media(
    tree: Tree, item: Entry, url: str | None, alt: str | None = None
) -> tuple[MediaRecord, ...]:
    """The record of one image that front matter names."""
    return (_media(tree, item, links.Link(0, 0, url, alt)),) if url else ()


def _address(known: Addresses, item: Entry, destination: str) -> str | None:
    path, mark, fragment = destination.partition("#")
    if not _is_page(path):
        return None
    address = known.of(_from_root(item, path))
    return None if address is None else f"/{address}{mark}{fragment}"


def _is_page(path: str) -> bool:
    is_file = PurePosixPath(path).suffix.lower() in MARKDOWN
    return path.startswith("@/") or (is_file and (links.is_relative(path) or path.startswith("/")))


def _from_root(item: Entry, path: str) -> str:
    if path.startswith(("@/", "/")):
        return path.lstrip("@/")
    return posixpath.normpath(posixpath.join(posixpath.dirname(item.key), unquote(path)))


def _unresolved(known: Addresses, item: Entry, text: str) -> Iterator[Note]:
    for link in links.links(text):
        path = link.destination.partition("#")[0]
        if _is_page(path) and _address(known, item, path) is None:
            place = Place(str(item.path), item.body_line + text.count("\n", 0, link.start))
            reason = "no such file in this publication: the link was left as it is"
            yield Note(place, f"link `{link.destination}`", reason, dropped=False)


def _media(tree: Tree, item: Entry, link: links.Link) -> MediaRecord:
    return MediaRecord(
        link.destination, file=_file(tree, item, link.destination), alt=link.alt or None
    )


def _file(tree: Tree, item: Entry, destination: str) -> str | None:
    path = unquote(re.split(r"[?#]", destination, maxsplit=1)[0])
    if links.is_relative(path):
        places = [item.path.parent / path]
    elif path.startswith("/") and not path.startswith("//"):
        places = [folder / path.lstrip("/") for folder in (*_STATIC, tree.content)]
    else:
        return None
    normal = (PurePosixPath(posixpath.normpath(place)) for place in places)
    return next((str(place) for place in normal if place in tree.files), None)


def _relative_images(
    media: Mapping[str, MediaRecord], found: list[links.Link], text: str, item: Entry
) -> Iterator[Note]:
    once = {link.destination: link for link in reversed(found)}
    for link in sorted(once.values(), key=lambda link: link.start):
        record = media.get(link.destination)
        if record and links.is_relative(link.destination):
            place = Place(str(item.path), item.body_line + text.count("\n", 0, link.start))
            reason = _LEFT if record.file else _ABSENT
            yield Note(place, f"image `{link.destination}`", reason, dropped=False)


def _unsafe(text: str, file: str, first_line: int) -> Iterator[Note]:
    for found in _UNSAFE.finditer(links.without_code(text)):
        place = Place(file, first_line + text.count("\n", 0, found.start()))
        yield Note(
            place,
            f"HTML <{found[1].lower()}>",
            "it stays in the Markdown and is left out of the page",
        )
