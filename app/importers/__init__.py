"""Importers: each turns a blog's export into one stream of records (`db.writes.records`)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path

from app.importers import ghost, hashnode, markdown, wordpress
from db.writes.records import Record

# (source, now) -> records; what is dated after `now` is scheduled. Raises BrokenSource while it is read.
Importer = Callable[[Path, datetime], Iterator[Record]]

IMPORTERS: Mapping[str, Importer] = {
    "markdown": markdown.read,
    "wordpress": wordpress.read,
    "ghost": ghost.read,
    "hashnode": hashnode.read,
}
