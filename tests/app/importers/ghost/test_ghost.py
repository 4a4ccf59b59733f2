"""Ghost exports: today's with lexical, one of 2019 with mobiledoc, and broken ones."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from db.writes.records import (
    BrokenSource,
    MediaRecord,
    NavigationRecord,
    PageRecord,
    PostRecord,
    PostStatus,
    PublicationRecord,
    TagRecord,
    UserRecord,
)

Read = Callable[[str, Path], Any]
BREAD = "11111111-1111-4111-8111-111111111111"
OATS = "aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa"
BROKEN = "cccccccc-cccc-4ccc-8ccc-cccccccccccc"


def test_site(read: Read, samples: Path) -> None:
    stream = read("ghost", samples / "ghost" / "lexical.json")
    assert stream.all(PublicationRecord) == [
        PublicationRecord(
            "Crumbs", tagline="A bakery's notes", language="en", favicon="/content/images/icon.png"
        )
    ]
    assert [(user.key, user.username, user.role) for user in stream.all(UserRecord)] == [
        ("u1", "ana", "OWNER"),
        ("u2", "ben", "CONTRIBUTOR"),
    ]
    assert stream.all(UserRecord)[0].bio_markdown == "Bakes \\*a lot\\*"
    assert stream.all(TagRecord) == [
        TagRecord("t1", "Baking", "baking", "Loaves"),
        TagRecord("t3", "Rye", "rye"),
    ]
    assert [(post.slug, post.status, post.private) for post in stream.all(PostRecord)] == [
        ("bread", PostStatus.PUBLISHED, False),
        ("members-only", PostStatus.DRAFT, True),
        ("draft", PostStatus.DRAFT, False),
        ("soon", PostStatus.SCHEDULED, False),
        ("mailed", PostStatus.DRAFT, True),
    ]
    assert [(page.slug, page.markdown, page.hidden) for page in stream.all(PageRecord)] == [
        ("about", "We bake.", False)
    ]
    assert stream.all(NavigationRecord) == [
        NavigationRecord("Home", url="/"),
        NavigationRecord("About", url="/about/"),
    ]


def test_lexical_post(read: Read, samples: Path) -> None:
    post = read("ghost", samples / "ghost" / "lexical.json").post(BREAD)
    assert post.author_keys == ("u2", "u1")
    assert post.tag_keys == ("t1", "t3")
    assert post.published_at == datetime(2024, 3, 1, 8, tzinfo=UTC)
    assert (post.featured, post.excerpt) == (True, "About bread")
    assert (post.cover_image, post.cover_alt) == ("/content/images/cover.jpg", "Crust")
    assert (post.seo_title, post.seo_description) == ("Bread, explained", "All of it")
    assert post.og_image == "/content/images/og.jpg"
    assert post.canonical_url == "https://elsewhere.example.org/bread"
    assert post.media[0] == MediaRecord("/content/images/2024/loaf.jpg", alt="A loaf")
    assert post.markdown == (
        "## Why bread\n\n"
        "Flour & **water**, *salt* or ***both*** and `dough()`  \n"
        "[the starter](/starter/) 2 \\* 3 \\< 7\n\n"
        "3. knead\n   - gently\n\n"
        "> Wait.\n\n"
        "---\n\n"
        "```js\nlet x = `1`;\n```\n\n*A step*\n\n"
        '![A loaf](/content/images/2024/loaf.jpg "Loaf")\n\n*Fresh*\n\n'
        "![a](/content/images/a.jpg)\n\n![](/content/images/b.jpg)\n\n"
        "| a | b |\n|---|---|\n| 1 | 2 |\n\n"
        "raw *html*\n\n"
        "[The mill](https://mill.example.org/)\n\n"
        "<https://www.youtube.com/watch?v=abc>\n\n"
        "> 🔥\n>\n> Mind the **oven**\n\n"
        "**More**\n\nInside\n\n"
        "[Buy](https://shop.example.org/)"
    )


def test_notes(read: Read, samples: Path) -> None:
    notes = read("ghost", samples / "ghost" / "lexical.json").notes()
    assert {place for place, _ in notes} == {"lexical.json"}
    assert [element for _, element in notes] == [
        "internal tag `#wide`",
        "table `snippets` (1 rows)",
        'post "bread": card `bookmark`',
        'post "bread": card `embed`',
        'post "bread": card `button`',
        'post "bread": card `signup`',
        'post "bread": card `paywall`',
        'post "bread": HTML <script>',
        'post "bread": HTML <details>',
        'post "bread": `codeinjection_head`',
        'post "bread": `og_title`',
        'post "bread": `feature_image_caption`',
        'post "members-only": visibility `paid`',
        'post "mailed": visibility `sent by e-mail`',
        "setting `secondary_navigation`",
    ]


def test_mobiledoc_post(read: Read, samples: Path) -> None:
    post = read("ghost", samples / "ghost" / "mobiledoc.json").post(OATS)
    assert post.published_at == datetime(2019, 1, 1, tzinfo=UTC)
    assert post.former_paths == ("2019/01/01/oats",)
    assert (post.author_keys, post.tag_keys) == (("1",), ("1",))
    assert (post.cover_image, post.seo_title) == ("/content/images/old.png", "On oats")
    assert post.markdown == (
        "## Oats\n\n"
        "Plain **bold *both***  \n[link](https://example.org/a%20b)\n\n"
        "- one\n- two\n\n"
        "> Quote\n\n"
        "```python\nprint(1)\n```\n\n"
        "![Oats](/content/images/2019/oat.png)\n\n"
        "*as is*\n\n"
        "---"
    )


def test_old_page_with_markdown(read: Read, samples: Path) -> None:
    stream = read("ghost", samples / "ghost" / "mobiledoc.json")
    assert [(page.slug, page.markdown, page.hidden) for page in stream.all(PageRecord)] == [
        ("contact", "Write **us**", True)
    ]


def test_broken_body_falls_back_to_html(read: Read, samples: Path) -> None:
    stream = read("ghost", samples / "ghost" / "mobiledoc.json")
    assert stream.post(BROKEN).markdown == "Saved by **HTML**"
    assert ("mobiledoc.json", 'post "broken": mobiledoc') in stream.notes()


def test_author_who_is_missing_is_noted(read: Read, samples: Path) -> None:
    stream = read("ghost", samples / "ghost" / "mobiledoc.json")
    assert stream.post(BROKEN).author_keys == ()
    assert ("mobiledoc.json", 'post "broken": author') in stream.notes()


@pytest.mark.parametrize(
    ("content", "cause"),
    [
        ('{"db":\n [', r"g\.json:2: broken JSON"),
        ("[]", 'is not a Ghost export: it has no "db"'),
        ('{"db": []}', 'is not a Ghost export: it has no "db"'),
        ('{"data": {}}', "posts: Field required"),
        (
            '{"data": {"posts": [{"id": 1, "title": []}]}}',
            r"posts\.0\.title: Value error, expected text",
        ),
        (
            '{"data": {"posts": [{"id": 1, "published_at": "x"}]}}',
            r"posts\.0\.published_at: .*is not a date",
        ),
        ('{"data": {"posts": [{"id": 1, "lexical": "{"}]}}', 'post "1": lexical cannot be read'),
        (
            '{"data": {"posts": [{"id": 1, "mobiledoc": "{\\"sections\\": [[7]]}"}]}}',
            "section of kind 7",
        ),
        (
            '{"data": {"posts": [{"id": 1, "mobiledoc": "{\\"sections\\": 7}"}]}}',
            "broken mobiledoc",
        ),
    ],
)
def test_broken_export(read: Read, tmp_path: Path, content: str, cause: str) -> None:
    (tmp_path / "g.json").write_text(content)
    with pytest.raises(BrokenSource, match=cause):
        read("ghost", tmp_path / "g.json")


def test_deep_lexical_is_refused(read: Read, tmp_path: Path) -> None:
    node: dict[str, Any] = {"type": "paragraph", "children": []}
    for _ in range(400):
        node = {"type": "list", "children": [node]}
    post = {"id": 1, "lexical": json.dumps({"root": {"children": [node]}})}
    (tmp_path / "g.json").write_text(json.dumps({"data": {"posts": [post]}}))
    with pytest.raises(BrokenSource, match="lexical cannot be read"):
        read("ghost", tmp_path / "g.json")


def test_an_address_is_no_public_name(read: Read, tmp_path: Path) -> None:
    users = [{"id": "1", "name": "ana@example.org", "email": "ana@example.org"}]
    (tmp_path / "e.json").write_text(json.dumps({"data": {"posts": [], "users": users}}))
    (user,) = read("ghost", tmp_path / "e.json").all(UserRecord)
    assert (user.name, user.username, user.email) == ("ana", "ana", "ana@example.org")
