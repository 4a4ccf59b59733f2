"""Hashnode's backup folder and its dashboard's JSON export."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from db.writes.records import (
    BrokenSource,
    MediaRecord,
    PostRecord,
    PostStatus,
    PublicationRecord,
    TagRecord,
)

Read = Callable[[str, Path], Any]


def test_backup(read: Read, samples: Path) -> None:
    stream = read("hashnode", samples / "hashnode" / "backup")
    assert stream.all(PublicationRecord) == [PublicationRecord("backup")]
    assert stream.all(TagRecord) == [
        TagRecord("caching", "caching", "caching"),
        TagRecord("web-development", "web-development", "web-development"),
    ]
    assert [(post.key, post.status) for post in stream.all(PostRecord)] == [
        ("clq1", PostStatus.PUBLISHED),
        ("clq2", PostStatus.SCHEDULED),
    ]
    assert stream.notes() == [
        ("README.md", "file"),
        ("backup", "authors"),
        ("clq1.md:21", "embed `https://www.youtube.com/watch?v=abc`"),
        ("clq1.md:23", "callout"),
    ]


def test_post_of_a_backup(read: Read, samples: Path) -> None:
    post = read("hashnode", samples / "hashnode" / "backup").post("clq1")
    assert post.title == "Caching: a tale"
    assert (post.slug, post.cuid, post.former_paths) == ("caching-a-tale", "clq1", ())
    assert post.published_at == datetime(2023, 12, 22, 7, 44, 23, tzinfo=UTC)
    assert (post.seo_title, post.seo_description) == ("Caching explained", "Why caches lie")
    assert post.canonical_url == "https://elsewhere.example.org/caching"
    assert post.cover_image == "https://cdn.example.org/cover.jpeg"
    assert post.og_image == "https://cdn.example.org/og.png"
    assert post.tag_keys == ("caching", "web-development")
    assert post.pinned is True
    assert post.media[0] == MediaRecord("https://cdn.example.org/chart_(1).png", alt="A chart")
    assert post.markdown == (
        "# Start\n\n"
        "![A chart](https://cdn.example.org/chart_(1).png)\n\n"
        "<https://www.youtube.com/watch?v=abc>\n\n"
        "> 💡 Mind the **TTL**\n\n"
        "Thanks [@Ana](https://hashnode.com/@ana-b).\n\n"
        '```md\n%[https://kept.example.org] ![x](y.png align="left")\n```'
    )


def test_json_export(read: Read, samples: Path) -> None:
    stream = read("hashnode", samples / "hashnode" / "export.json")
    post = stream.post("ckl3")
    assert (post.title, post.slug, post.status) == ("From JSON", "json-post", PostStatus.PUBLISHED)
    assert post.markdown == "Text ![a](https://cdn.example.org/a.png)"
    assert (post.excerpt, post.cover_image) == ("Text", "https://cdn.example.org/c.png")
    assert post.updated_at == datetime(2024, 1, 16, 12, tzinfo=UTC)
    assert stream.post("ckl4").status is PostStatus.DRAFT
    assert stream.post("ckl4").tag_keys == ("python",)
    assert [element for _, element in stream.notes()] == [
        "authors",
        "tag `507f1f77bcf86cd799439012`",
        "author `507f1f77bcf86cd799439099`",
        "post `gone`",
    ]


@pytest.mark.parametrize(
    ("content", "cause"),
    [
        ("{", "e.json:1: broken JSON"),
        ("{}", 'is not a Hashnode export: it has no list of "posts"'),
        ('{"posts": [1]}', 'is not a Hashnode export: it has no list of "posts"'),
        ('{"posts": [{"title": [1]}]}', "front matter `title`: expected text"),
    ],
)
def test_broken_json(read: Read, tmp_path: Path, content: str, cause: str) -> None:
    (tmp_path / "e.json").write_text(content)
    with pytest.raises(BrokenSource, match=cause):
        read("hashnode", tmp_path / "e.json")
