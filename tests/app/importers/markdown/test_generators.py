"""The conventions of Hugo, Jekyll and Zola, on a small site of each."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from db.writes.records import (
    BrokenSource,
    MediaRecord,
    NavigationRecord,
    Note,
    PageRecord,
    PostRecord,
    PostStatus,
    PublicationRecord,
    RedirectRecord,
    SeriesRecord,
    TagRecord,
    UserRecord,
)

Read = Callable[[str, Path], Any]


def test_hugo_site(read: Read, samples: Path) -> None:
    stream = read("markdown", samples / "hugo")
    assert stream.all(PublicationRecord) == [
        PublicationRecord("The Garden Log", url="https://garden.example.org", language="en-gb")
    ]
    assert stream.all(UserRecord) == [
        UserRecord("Ida Moss", "Ida Moss", "ida-moss", "ida@example.org", role="OWNER"),
        UserRecord(
            "Tom Reed",
            "Tom Reed",
            "tom-reed",
            "tom@example.org",
            website="https://reed.example.org",
        ),
    ]
    assert [tag.name for tag in stream.all(TagRecord)] == ["Frost", "Dahlias", "Autumn"]
    assert stream.all(SeriesRecord) == [
        SeriesRecord("The cold half", "The cold half", "the-cold-half")
    ]
    assert stream.all(NavigationRecord) == [
        NavigationRecord("Posts", url="/posts/"),
        NavigationRecord("About", url="/about/"),
    ]
    assert [(post.key, post.status) for post in stream.all(PostRecord)] == [
        ("posts/sale.md", PostStatus.DRAFT),
        ("posts/first-frost.md", PostStatus.PUBLISHED),
        ("posts/photo-walk/index.md", PostStatus.PUBLISHED),
        ("posts/next-spring.md", PostStatus.SCHEDULED),
        ("posts/someday.md", PostStatus.DRAFT),
        ("posts/undated.md", PostStatus.DRAFT),
    ]
    assert [(page.key, page.slug, page.hidden) for page in stream.all(PageRecord)] == [
        ("about.md", "about", False)
    ]


def test_hugo_post(read: Read, samples: Path) -> None:
    post = read("markdown", samples / "hugo").post("posts/first-frost.md")
    assert post.slug == "frost-came"
    assert post.published_at == datetime(2023, 11, 4, 6, 30, tzinfo=UTC)
    assert post.updated_at == datetime(2023, 11, 6, tzinfo=UTC)
    assert post.author_keys == ("Ida Moss", "Tom Reed")
    assert post.tag_keys == ("frost", "dahlias", "autumn")
    assert (post.series_key, post.series_index) == ("The cold half", 1)
    assert post.former_paths == ("posts/frost-came", "old/frost", "2023/frost.html")
    assert (post.cover_image, post.cover_alt) == ("/frost.png", "White grass")
    assert post.media == (MediaRecord("/frost.png", "static/frost.png", "Grass"),)
    assert post.markdown == (
        "It was **cold**. See [the walk](/posts/photo-walk).\n\n"
        "![Grass](/frost.png)\n\n*Morning*\n\n"
        "<https://www.youtube.com/watch?v=dQw4w9WgXcQ>\n\n"
        '{{< weather city="York" >}}\n\n'
        '```python\nprint("`frost`")\n```\n\n'
        '```go-html-template\n{{< weather city="kept as it is" >}}\n```'
    )


def test_hugo_notes(read: Read, samples: Path) -> None:
    notes = read("markdown", samples / "hugo").notes()
    assert notes == [
        ("content/posts/sale.md:4", "front matter `expirydate`"),
        ("content/posts/first-frost.md:19", "front matter `weight`"),
        (
            "content/posts/first-frost.md:23",
            'shortcode `{{< figure src="/frost.png" alt="Grass" caption="Morning" >…`',
        ),
        ("content/posts/first-frost.md:25", "shortcode `{{< youtube dQw4w9WgXcQ >}}`"),
        ("content/posts/first-frost.md:27", 'shortcode `{{< weather city="York" >}}`'),
        ("content/posts/photo-walk/index.md:9", "front matter `params.camera`"),
        ("content/posts/photo-walk/index.md:11", "image `gate.png`"),
        ("content/posts/photo-walk/index.md:12", "image `lost.png`"),
        ("content/posts/undated.md:1", "post without a date"),
        ("content/about.md:1", "file without a date"),
    ]


def test_hugo_page_bundle(read: Read, samples: Path) -> None:
    post = read("markdown", samples / "hugo").post("posts/photo-walk/index.md")
    assert post.slug == "photo-walk"
    assert (post.excerpt, post.seo_description) == ("Six pictures", "Six pictures")
    assert (post.comments_disabled, post.table_of_contents) == (True, False)
    assert post.author_keys == ("Ida Moss",)
    assert post.cover_image == "gate.png"
    assert post.media == (
        MediaRecord("gate.png", "content/posts/photo-walk/gate.png", "by reference"),
        MediaRecord("lost.png", None, "Not here"),
    )


def test_expired_post_is_private(read: Read, samples: Path) -> None:
    post = read("markdown", samples / "hugo").post("posts/sale.md")
    assert (post.private, post.status) == (True, PostStatus.DRAFT)


def test_expired_page_is_hidden(read: Read, tmp_path: Path) -> None:
    for name, expiry in (("past", "2023-06-01"), ("future", "2099-06-01")):
        (tmp_path / f"{name}.md").write_text(f"---\ntitle: a\nexpiryDate: {expiry}\n---\n")
    stream = read("markdown", tmp_path)
    assert (stream.page("past.md").hidden, stream.page("future.md").hidden) == (True, False)
    assert ("past.md:3", "front matter `expirydate`") in stream.notes()
    assert ("future.md:3", "front matter `expirydate`") not in stream.notes()


def test_jekyll_site(read: Read, samples: Path) -> None:
    stream = read("markdown", samples / "jekyll")
    assert stream.all(PublicationRecord) == [
        PublicationRecord(
            "Tide Tables",
            url="https://tides.example.org",
            description="Notes from the shore",
            language="en",
        )
    ]
    assert [(post.slug, post.status, post.former_paths) for post in stream.all(PostRecord)] == [
        ("storm", PostStatus.DRAFT, ("gales/2022/storm",)),
        (
            "low-water",
            PostStatus.PUBLISHED,
            ("shore/walks/2022/02/03/low-water", "low", "2022/low.html"),
        ),
        ("harbour", PostStatus.DRAFT, ()),
    ]
    assert [(page.slug, page.title) for page in stream.all(PageRecord)] == [("about-us", "About")]
    assert stream.all(RedirectRecord) == [
        RedirectRecord("/ancient", "https://archive.example.org/")
    ]


def test_jekyll_post(read: Read, samples: Path) -> None:
    stream = read("markdown", samples / "jekyll")
    post = stream.post("_posts/2022-02-03-low-water.md")
    assert post.published_at == datetime(2022, 2, 3, 16, 5, tzinfo=UTC)
    assert post.tag_keys == ("mud", "sand", "shore", "walks")
    assert post.media == (MediaRecord("/assets/mud.png", "assets/mud.png", "Mud"),)
    assert post.markdown == (
        "![Mud](/assets/mud.png) after [the storm](/gales/2022/storm).\n\n"
        '````ruby\nputs "```"\n````\n\n'
        "{{ page.title }} and {{ page.title }} and {% include note.html %}\n\n"
        '<iframe src="https://tides.example.org/live"></iframe>'
    )
    assert stream.notes("_posts/2022-02-03-low-water.md") == [
        ("_posts/2022-02-03-low-water.md:18", "shortcode `{% include note.html %}`"),
        ("_posts/2022-02-03-low-water.md:18", "shortcode `{{ page.title }}`"),
        ("_posts/2022-02-03-low-water.md:20", "HTML <iframe>"),
    ]


def test_jekyll_files_that_stay_out(read: Read, samples: Path) -> None:
    stream = read("markdown", samples / "jekyll")
    assert stream.notes("_posts/2022-03-01-plain.html") == [
        ("_posts/2022-03-01-plain.html", ".html file")
    ]
    assert stream.notes("README.md") == [("README.md", "file")]


def test_zola_site(read: Read, samples: Path) -> None:
    stream = read("markdown", samples / "zola")
    publication = stream.all(PublicationRecord)[0]
    assert (publication.title, publication.about_markdown) == ("Star Charts", "We look **up**.")
    assert (publication.description, publication.language) == ("From the configuration", "de")
    assert [
        (post.key, post.slug, post.former_paths, post.status) for post in stream.all(PostRecord)
    ] == [
        (
            "Orion-1.0.md",
            "Orion-1.0",
            ("2024/01/20/Orion-1.0", "2024/01/20/Orion-1.0.html", "constellations/1.0.0"),
            PostStatus.PUBLISHED,
        ),
        ("2024-02-01-lyra.md", "lyra", ("2024-02-01-lyra",), PostStatus.PUBLISHED),
        ("conf@1.md", "conf", (), PostStatus.PUBLISHED),
        ("notes/comet.md", "comet", ("notes/comet",), PostStatus.DRAFT),
    ]


def test_zola_links_between_files(read: Read, samples: Path) -> None:
    stream = read("markdown", samples / "zola")
    assert stream.post("Orion-1.0.md").markdown == (
        "See [Lyra](/lyra#ring), [nothing](@/gone.md) and [the letters](letters/first.md)."
    )
    assert stream.notes("content/Orion-1.0.md") == [
        ("content/Orion-1.0.md:12", "front matter `extra.team`"),
        ("content/Orion-1.0.md:14", "link `@/gone.md`"),
        ("content/Orion-1.0.md:14", "link `letters/first.md`"),
    ]


def test_zola_section_is_a_publication_by_its_own_path(read: Read, samples: Path) -> None:
    stream = read("markdown", samples / "zola" / "content" / "letters")
    assert [record.title for record in stream.all(PublicationRecord)] == ["Letters"]
    assert [post.key for post in stream.all(PostRecord)] == ["first.md"]


def test_shortcode_in_code_is_left_alone(read: Read, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(
        "+++\ntitle='a'\ndate=2024-01-01\n+++\n`{{ youtube(id='x') }}`\n"
    )
    stream = read("markdown", tmp_path)
    assert stream.post("a.md").markdown == "`{{ youtube(id='x') }}`"


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2147483647", 2**31 - 1),
        ("-2147483648", -(2**31)),
        (".inf", None),
        (".nan", None),
        ("1.5", None),
    ],
)
def test_series_order(read: Read, tmp_path: Path, written: str, expected: int | None) -> None:
    front = f"---\ntitle: a\ndate: 2024-01-01\nseries_order: {written}\n---\n"
    (tmp_path / "a.md").write_text(front)
    assert read("markdown", tmp_path).post("a.md").series_index == expected


@pytest.mark.parametrize("written", ["2147483648", "-2147483649"])
def test_too_large_a_series_order(read: Read, tmp_path: Path, written: str) -> None:
    front = f"---\ntitle: a\ndate: 2024-01-01\nseries_order: {written}\n---\n"
    (tmp_path / "a.md").write_text(front)
    with pytest.raises(BrokenSource, match=r"a\.md:4: front matter `series_order`: is too large"):
        read("markdown", tmp_path)


def test_post_without_author_is_noted(read: Read, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("---\ntitle: a\ndate: 2024-01-01\n---\n")
    assert read("markdown", tmp_path).all(Note)[0].reason == "the post names no author"


def test_title_from_the_first_heading(read: Read, tmp_path: Path) -> None:
    (tmp_path / "2024-01-02-notes.md").write_text("# What *I* saw #\n\nA fox.\n")
    post = read("markdown", tmp_path).post("2024-01-02-notes.md")
    assert (post.title, post.markdown, post.slug) == ("What *I* saw", "A fox.", "notes")
    assert post.published_at == datetime(2024, 1, 2, tzinfo=UTC)


def test_title_from_the_file_name(read: Read, tmp_path: Path) -> None:
    (tmp_path / "red_fox-den.md").write_text("A fox.\n")
    page = read("markdown", tmp_path).page("red_fox-den.md")
    assert (page.title, page.slug) == ("Red fox den", "red_fox-den")


def test_oldest_post_comes_first(read: Read, tmp_path: Path) -> None:
    for name, date in (("a", "2024-02-02"), ("b", "2023-01-01"), ("c", "2024-01-01")):
        (tmp_path / f"{name}.md").write_text(f"---\ntitle: same\ndate: {date}\n---\n")
    assert [post.key for post in read("markdown", tmp_path).all(PostRecord)] == [
        "b.md",
        "c.md",
        "a.md",
    ]


@pytest.mark.parametrize(
    ("permalink", "expected"),
    [
        ("date", "sea/tides/2022/02/03/ebb.html"),
        ("pretty", "sea/tides/2022/02/03/ebb"),
        ("ordinal", "sea/tides/2022/034/ebb.html"),
        ("none", "sea/tides/ebb.html"),
        ("/:year/:short_month/:i_day/:slug/", "2022/Feb/3/ebb"),
        ("/blog/:title:output_ext", "blog/ebb.html"),
    ],
)
def test_jekyll_permalink(read: Read, tmp_path: Path, permalink: str, expected: str) -> None:
    (tmp_path / "_config.yml").write_text(f"title: a\npermalink: {permalink}\n")
    (tmp_path / "sea" / "_posts").mkdir(parents=True)
    head = "---\ntitle: Ebb\ncategories: [Tides]\ndate: 2022-02-03 23:30:00 -0500\n---\n"
    (tmp_path / "sea" / "_posts" / "2022-02-03-ebb.md").write_text(head)
    post = read("markdown", tmp_path).post("sea/_posts/2022-02-03-ebb.md")
    assert (post.slug, post.former_paths) == ("ebb", (expected,))
