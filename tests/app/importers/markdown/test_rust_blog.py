"""Both Rust blogs come in whole: every expectation is counted from the files, without the importer."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from db.writes.records import (
    Note,
    PageRecord,
    PostRecord,
    PostStatus,
    PublicationRecord,
    RedirectRecord,
    TagRecord,
    UserRecord,
)

Read = Callable[[str, Path], Any]


def heads(folder: Path, skipped: set[str]) -> dict[str, dict[str, Any]]:
    """The front matter of each post of a blog, by file."""
    found = {}
    for path in folder.rglob("*.md"):
        name = path.relative_to(folder).as_posix()
        if path.name != "_index.md" and name.partition("/")[0] not in skipped:
            source = re.match(r"\+\+\+\n(.*?)\n\+\+\+\n", path.read_text("utf-8"), re.DOTALL)
            assert source
            found[name] = tomllib.loads(source[1])
    return found


@pytest.fixture(
    params=[("", "Rust Blog", 258, 73, 322), ("inside-rust", "Inside Rust Blog", 290, 80, 241)]
)
def blog(request: pytest.FixtureRequest) -> tuple[str, str, int, int, int]:
    """Folder, title, posts, authors and former addresses beside the original one, counted with grep."""
    values: tuple[str, str, int, int, int] = request.param
    return values


def test_blog_comes_in_whole(
    read_once: Read, corpus: Path, blog: tuple[str, str, int, int, int]
) -> None:
    folder, title, posts, authors, aliases = blog
    source = corpus / "rust-blog" / "content" / folder
    expected = heads(source, {"inside-rust", "releases"} if not folder else set())
    stream = read_once("markdown", source)

    assert [record.title for record in stream.all(PublicationRecord)] == [title]
    found = stream.all(PostRecord)
    assert len(found) == len(expected) == posts
    assert {post.key for post in found} == set(expected)
    assert {post.status for post in found} == {PostStatus.PUBLISHED}
    assert stream.all(PageRecord) == stream.all(TagRecord) == stream.all(RedirectRecord) == []
    names = {name for head in expected.values() for name in head["authors"]}
    assert {user.name for user in stream.all(UserRecord)} == names
    assert len(names) == authors
    assert sum(len(post.former_paths) - 1 for post in found) == aliases
    for post in found:
        head = expected[post.key]
        assert (post.title, list(post.author_keys)) == (head["title"], head["authors"])
        assert post.slug == head["path"].rpartition("/")[2]
        assert post.former_paths == (head["path"], *head.get("aliases", []))
        assert post.published_at
        assert f"{post.published_at:%Y/%m/%d}/" in head["path"]
        body = (source / post.key).read_text("utf-8").split("\n+++\n", 1)[1]
        assert post.markdown == body.strip("\n")
        assert post.excerpt == head.get("description")


def test_images_of_bundles_are_media(read_once: Read, corpus: Path) -> None:
    source = corpus / "rust-blog" / "content"
    stream = read_once("markdown", source)
    post = stream.post("2023-Rust-Annual-Survey-2023-results/index.md")
    files = {record.file for record in post.media if record.file}
    folder = source / "2023-Rust-Annual-Survey-2023-results"
    shown = {name.name for name in folder.glob("*.png") if f'src="{name.name}"' in post.markdown}
    assert files == {f"2023-Rust-Annual-Survey-2023-results/{name}" for name in shown}
    assert len(shown) == 8


def test_nested_sections_are_left_to_themselves(read_once: Read, corpus: Path) -> None:
    stream = read_once("markdown", corpus / "rust-blog" / "content")
    sections = [note.element for note in stream.all(Note) if note.element.startswith("section")]
    assert sections == ["section `inside-rust`", "section `releases`"]
    assert not any(post.key.startswith("inside-rust/") for post in stream.all(PostRecord))


def test_section_of_templates_has_no_posts(read_once: Read, corpus: Path) -> None:
    stream = read_once("markdown", corpus / "rust-blog" / "content" / "releases")
    assert [record.title for record in stream.all(PublicationRecord)] == [
        "Rust Release Announcements"
    ]
    assert stream.all(PostRecord) == stream.all(PageRecord) == []
    assert ("latest.md", "file") in stream.notes()


def test_front_matter_without_a_field_is_noted(read_once: Read, corpus: Path) -> None:
    source = corpus / "rust-blog" / "content" / "inside-rust"
    notes = [
        note
        for note in read_once("markdown", source).all(Note)
        if note.element.startswith("front matter")
    ]
    expected = heads(source, set()).values()
    for name in ("team", "team_url"):
        count = sum(name in head.get("extra", {}) for head in expected)
        assert sum(note.element == f"front matter `extra.{name}`" for note in notes) == count > 200
    for note in notes:
        line = (source / note.place.file).read_text("utf-8").split("\n")[(note.place.line or 0) - 1]
        assert note.element.split("`")[1].rpartition(".")[2] in line.partition("=")[0]


def test_second_reading_is_the_same(read: Read, corpus: Path) -> None:
    source = corpus / "rust-blog" / "content"
    assert read("markdown", source).records == read("markdown", source).records
