"""Importers run at a fixed time, and every stream is checked for what `db.writes.records` promises."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TypeVar

import pytest

from app.importers import IMPORTERS
from db.writes.records import (
    CommentRecord,
    NavigationRecord,
    Note,
    PageRecord,
    PostRecord,
    PostStatus,
    PublicationRecord,
    Record,
    RedirectRecord,
    SeriesRecord,
    TagRecord,
    UserRecord,
)

NOW = datetime(2026, 11, 23, tzinfo=UTC)
ORDER = (
    PublicationRecord,
    UserRecord,
    TagRecord,
    SeriesRecord,
    PostRecord,
    PageRecord,
    CommentRecord,
    RedirectRecord,
    NavigationRecord,
)
KEYED = (UserRecord, TagRecord, SeriesRecord, PostRecord, PageRecord, CommentRecord)

T = TypeVar("T")


class Stream:
    """The records of one import, by kind and key."""

    def __init__(self, records: list[Record]) -> None:
        self.records = records
        check_order(records)
        check_keys(records)
        check_posts(self.all(PostRecord))
        for record in records:
            check_text(record)

    def all(self, kind: type[T]) -> list[T]:
        return [record for record in self.records if isinstance(record, kind)]

    def post(self, key: str) -> PostRecord:
        return next(post for post in self.all(PostRecord) if post.key == key)

    def page(self, key: str) -> PageRecord:
        return next(page for page in self.all(PageRecord) if page.key == key)

    def notes(self, file: str | None = None) -> list[tuple[str, str]]:
        """Place and element of each Note, of one file or of all."""
        return [
            (str(note.place), note.element)
            for note in self.all(Note)
            if file in (None, note.place.file)
        ]


def check_order(records: list[Record]) -> None:
    kinds = [ORDER.index(type(record)) for record in records if not isinstance(record, Note)]
    assert kinds == sorted(kinds)
    assert kinds.count(0) == 1


def check_keys(records: list[Record]) -> None:
    seen: dict[type, set[str]] = {kind: set() for kind in KEYED}
    for record in records:
        match record:
            case PostRecord():
                assert set(record.author_keys) <= seen[UserRecord]
                assert set(record.tag_keys) <= seen[TagRecord]
                assert record.series_key is None or record.series_key in seen[SeriesRecord]
            case CommentRecord():
                assert record.post_key in seen[PostRecord]
                assert record.author_key in seen[UserRecord]
                assert record.parent_key is None or record.parent_key in seen[CommentRecord]
            case NavigationRecord():
                assert (record.url is None) != (record.page_key is None)
                assert record.page_key is None or record.page_key in seen[PageRecord]
        if isinstance(record, KEYED):
            assert record.key
            assert record.key not in seen[type(record)]
            seen[type(record)].add(record.key)


def check_posts(posts: list[PostRecord]) -> None:
    for post in posts:
        assert not (post.private and post.status is PostStatus.PUBLISHED)
        assert post.status is PostStatus.DRAFT or post.published_at is not None
        assert post.slug
        assert "/" not in post.slug
        assert not any(path.startswith("/") for path in post.former_paths)


def check_text(value: object) -> None:
    if isinstance(value, str):
        assert "\0" not in value
        value.encode()
    elif isinstance(value, datetime):
        assert value.utcoffset() == UTC.utcoffset(None)
    elif isinstance(value, tuple):
        for item in value:
            check_text(item)
    elif is_dataclass(value):
        for item in fields(value):
            check_text(getattr(value, item.name))


Read = Callable[[str, Path], Stream]


@pytest.fixture
def read() -> Read:
    """Runs an importer by name."""
    return lambda name, source: Stream(list(IMPORTERS[name](source, NOW)))


@pytest.fixture(scope="session")
def read_once() -> Read:
    """The same for sources that do not change: each is read once a worker."""
    return cache(lambda name, source: Stream(list(IMPORTERS[name](source, NOW))))


@pytest.fixture
def samples() -> Path:
    return Path(__file__).parent / "samples"
