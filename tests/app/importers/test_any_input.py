"""Whatever a source holds, an importer gives records or BrokenSource, and nothing else."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from db.writes.records import BrokenSource

Read = Callable[[str, Path], Any]

relaxed = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)

names = st.sampled_from(
    ["a.md", "_posts/2024-01-02-b.md", "c/index.md", "_index.md", "d/_index.md", "_config.yml"]
)
fields = st.sampled_from(
    [
        "title",
        "date",
        "slug",
        "path",
        "permalink",
        "tags",
        "categories",
        "author",
        "authors",
        "aliases",
        "draft",
        "published",
        "series",
        "cover",
        "image",
        "extra",
        "taxonomies",
        "expiryDate",
        "redirect_to",
    ]
)
scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=8,
)
tables = st.dictionaries(fields, values, max_size=6)
markup = st.text(alphabet="+-{}%<>[]()!@/.`~*_#:=\"'| \n\tabcdefghighlightrawref012", max_size=200)
front_matters = st.one_of(
    tables.map(json.dumps),
    tables.map(lambda table: f"---\n{json.dumps(table)}\n---\n"),
    st.text(max_size=60).map(lambda text: f"---\n{text}\n---\n"),
    st.text(max_size=60).map(lambda text: f"+++\n{text}\n+++\n"),
)
documents = st.one_of(
    st.binary(max_size=100),
    markup.map(str.encode),
    st.builds(
        lambda head, body: f"{head}\n{body}".encode("utf-8", "surrogatepass"), front_matters, markup
    ),
)


def attempt(read: Read, name: str, source: Path) -> None:
    try:
        read(name, source)
    except BrokenSource as error:
        assert "\n" not in str(error)
        assert error.place.file


@pytest.mark.parametrize("name", ["markdown", "hashnode"])
@relaxed
@given(tree=st.dictionaries(names, documents, min_size=1, max_size=3))
def test_any_tree(read: Read, name: str, tree: dict[str, bytes]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for path, content in tree.items():
            file = Path(folder, path)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
        attempt(read, name, Path(folder))


@pytest.mark.parametrize("name", ["wordpress", "ghost", "hashnode"])
@relaxed
@given(content=st.binary(max_size=200))
def test_any_file(read: Read, name: str, content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "export")
        file.write_bytes(content)
        attempt(read, name, file)


columns = st.sampled_from(
    [
        "id",
        "uuid",
        "title",
        "slug",
        "type",
        "status",
        "visibility",
        "published_at",
        "feature_image",
        "lexical",
        "mobiledoc",
        "html",
        "markdown",
        "cuid",
        "tags",
        "contentMarkdown",
        "dateAdded",
        "author",
    ]
)
rows = st.lists(st.dictionaries(columns, values | markup, max_size=8), max_size=3)


@pytest.mark.parametrize("name", ["ghost", "hashnode"])
@relaxed
@given(posts=rows, users=rows, tags=rows)
def test_any_tables(read: Read, name: str, posts: Any, users: Any, tags: Any) -> None:
    for number, row in enumerate((*posts, *users, *tags)):
        row |= {"id": number, "uuid": f"u{number}", "cuid": f"c{number}"}
    content = {"posts": posts, "data": {"posts": posts, "users": users, "tags": tags}}
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "export.json")
        file.write_text(json.dumps(content))
        attempt(read, name, file)


nodes = st.recursive(
    st.builds(
        lambda text, mask: {"type": "text", "text": text, "format": mask},
        markup,
        st.integers(0, 255),
    ),
    lambda inner: st.builds(
        lambda kind, children: {
            "type": kind,
            "children": children,
            "url": "https://x.example",
            "html": "<p>",
        },
        st.sampled_from(
            ["paragraph", "list", "listitem", "link", "heading", "quote", "html", "image", "toggle"]
        ),
        st.lists(inner, max_size=3),
    ),
    max_leaves=10,
)
markers = st.tuples(
    st.integers(0, 1), st.lists(st.integers(0, 2)), st.integers(0, 2), markup | st.integers(0, 2)
)
sections = st.one_of(
    st.tuples(
        st.just(1), st.sampled_from(["p", "h1", "blockquote"]), st.lists(markers, max_size=3)
    ),
    st.tuples(
        st.just(3),
        st.sampled_from(["ul", "ol"]),
        st.lists(st.lists(markers, max_size=2), max_size=2),
    ),
    st.tuples(st.just(10), st.integers(0, 2)),
    values,
)


@relaxed
@given(
    children=st.lists(nodes, max_size=4),
    blocks=st.lists(sections, max_size=4),
    cards=st.lists(values, max_size=2),
)
def test_any_body(read: Read, children: Any, blocks: Any, cards: Any) -> None:
    lexical = json.dumps({"root": {"children": children}})
    document = {
        "atoms": [["soft-return", "", {}]],
        "cards": cards,
        "markups": [["a", ["href", "x"]]],
    }
    mobiledoc = json.dumps({**document, "sections": blocks})
    posts = [{"id": 1, "lexical": lexical}, {"id": 2, "mobiledoc": mobiledoc}]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "export.json")
        for post in posts:
            file.write_text(json.dumps({"data": {"posts": [post]}}))
            attempt(read, "ghost", file)


elements = st.sampled_from(
    [
        "post_id",
        "post_date_gmt",
        "status",
        "post_type",
        "post_name",
        "post_password",
        "post_parent",
        "menu_order",
    ]
)
words = st.sampled_from(
    ["post", "page", "publish", "draft", "1", "0", "attachment", "nav_menu_item", "x", ""]
)


@relaxed
@given(items=st.lists(st.dictionaries(elements, words, max_size=8), max_size=4), content=markup)
def test_any_items(read: Read, items: list[dict[str, str]], content: str) -> None:
    encoded = content.replace("&", "&amp;").replace("<", "&lt;")
    written = "".join(
        f"<item><title>{encoded}</title><content:encoded>{encoded}</content:encoded>"
        + "".join(
            f"<wp:{name}>{text}</wp:{name}>"
            for name, text in (item | {"post_id": str(number)}).items()
        )
        + "</item>"
        for number, item in enumerate(items, 1)
    )
    spaces = 'xmlns:wp="http://wordpress.org/export/1.2/" xmlns:content="http://purl.org/rss/1.0/modules/content/"'
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "export.xml")
        file.write_text(
            f"<rss {spaces}><channel><wp:wxr_version>1.2</wp:wxr_version>{written}</channel></rss>"
        )
        attempt(read, "wordpress", file)
