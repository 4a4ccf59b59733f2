"""What the Rust blog's files say, read here by a few regular expressions and none of the importer."""

import re
from dataclasses import dataclass
from pathlib import Path

FRONT_MATTER = re.compile(r"\A\+\+\+\n(?P<head>.*?)^\+\+\+\n(?P<body>.*)\Z", re.S | re.M)


@dataclass(frozen=True)
class Written:
    """One post's file."""

    date: str
    slug: str
    title: str
    authors: str
    markdown: str


def written_posts(blog: Path) -> list[Written]:
    """The posts of the main blog, newest first; those of one day in no particular order."""
    others = {"inside-rust", "releases"}
    files = [path for path in blog.rglob("*.md") if path.name != "_index.md"]
    posts = [read(path) for path in files if others.isdisjoint(path.parts)]
    return sorted(posts, key=lambda post: post.date, reverse=True)


def read(path: Path) -> Written:
    match = FRONT_MATTER.match(path.read_text(encoding="utf-8"))
    assert match is not None, path
    head = match["head"]
    year, month, day, slug = value(head, "path").split("/")
    return Written(
        f"{year}-{month}-{day}", slug, value(head, "title"), value(head, "authors"), match["body"]
    )


def value(head: str, name: str) -> str:
    match = re.search(rf"^{name} = (?P<value>.*)$", head, re.M)
    assert match is not None, (name, head)
    return match["value"].strip("'\"[]").replace('\\"', '"')
