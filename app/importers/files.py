"""Reading an import's folder: regular files that lie inside it, in a fixed order, as text."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from app.importers.texts import storable
from db.writes.records import BrokenSource, Note, Place

_TOOLS = {"node_modules", "vendor"}
_POSTS = {"_posts", "_drafts"}


def folder(source: Path) -> Path:
    """`source` when it is a folder; raises BrokenSource."""
    if not source.is_dir():
        raise BrokenSource(
            Place(str(source)), "is not a folder" if source.exists() else "does not exist"
        )
    return source


def walk(root: Path) -> Iterator[PurePosixPath | Note]:
    """Paths below `root` of all its regular files, sorted, and a Note for what was left out.

    Symbolic links are followed only to files inside `root`; hidden names and tools are not content.
    """
    inside = root.resolve()
    for parent, folders, names in os.walk(root, onerror=_unreadable):
        here = PurePosixPath(Path(parent).relative_to(root).as_posix())
        yield from (_left_out(here / name) for name in sorted(folders) if _is_tool(name))
        yield from (
            _link(here / name) for name in sorted(folders) if Path(parent, name).is_symlink()
        )
        folders[:] = sorted(
            name for name in folders if not name.startswith(".") and not _is_tool(name)
        )
        for name in sorted(name for name in names if not name.startswith(".")):
            yield from _file(root, inside, here / name)


def read_text(root: Path, path: PurePosixPath) -> str:
    """A file's text with `\\n` line ends and without byte order mark; raises BrokenSource."""
    data = read_bytes(root, path)
    try:
        decoded = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        cause = f"byte 0x{data[error.start]:02x} at offset {error.start} is not UTF-8"
        raise BrokenSource(Place(str(path), line), cause) from error
    return storable(decoded.replace("\r\n", "\n").replace("\r", "\n"))


def read_bytes(root: Path, path: PurePosixPath) -> bytes:
    """A file's bytes; raises BrokenSource when it cannot be read."""
    try:
        return (root / path).read_bytes()
    except OSError as error:
        raise BrokenSource(Place(str(path)), f"cannot be read: {error.strerror}") from error


def _file(root: Path, inside: Path, path: PurePosixPath) -> Iterator[PurePosixPath | Note]:
    full = root / path
    if full.is_symlink() and not full.resolve().is_relative_to(inside):
        yield _link(path)
    elif full.is_file():
        yield path


def _is_tool(name: str) -> bool:
    return name in _TOOLS or (name.startswith("_") and name not in _POSTS)


def _left_out(path: PurePosixPath) -> Note:
    return Note(Place(str(path)), "folder", "it belongs to the site's tools, not to its content")


def _link(path: PurePosixPath) -> Note:
    return Note(
        Place(str(path)), "symbolic link", "links to folders or out of the source are not followed"
    )


def _unreadable(error: OSError) -> None:
    raise BrokenSource(Place(str(error.filename)), f"cannot be read: {error.strerror}") from error
