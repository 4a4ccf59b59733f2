"""WordPress exports: a small one of our own, WordPress's theme test data, and broken ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from db.writes.records import (
    BrokenSource,
    CommentRecord,
    NavigationRecord,
    Note,
    PageRecord,
    PostRecord,
    PostStatus,
    PublicationRecord,
    TagRecord,
    UserRecord,
)

Read = Callable[[str, Path], Any]
WP = "{https://wordpress.org/export/1.2/}"
HEAD = (
    '<rss xmlns:wp="http://wordpress.org/export/1.2/"><channel><wp:wxr_version>1.2</wp:wxr_version>'
)


def test_site(read: Read, samples: Path) -> None:
    stream = read("wordpress", samples / "wordpress" / "site.xml")
    assert stream.all(PublicationRecord) == [
        PublicationRecord(
            "Ferry & Foam", url="https://ferry.example.org", tagline="Timetables", language="en-GB"
        )
    ]
    assert stream.all(UserRecord) == [
        UserRecord("skipper", "The Skipper", email="skipper@example.org"),
        UserRecord(
            "visitor:gull@example.org",
            "Gull",
            email="gull@example.org",
            website="https://gull.example.org",
            role=None,
        ),
        UserRecord("visitor:reader", "Reader", role=None),
        UserRecord("mate", "mate"),
    ]
    assert [(tag.key, tag.name, tag.slug) for tag in stream.all(TagRecord)] == [
        ("category:news", "News", "news"),
        ("category:harbour", "Harbour & quay", "harbour"),
        ("tag:news", "news", "news"),
        ("tag:foam", "Foam", "foam"),
    ]
    assert [
        (post.key, post.slug, post.status, post.private) for post in stream.all(PostRecord)
    ] == [
        ("10", "first-crossing", PostStatus.PUBLISHED, False),
        ("14", "locked", PostStatus.DRAFT, True),
        ("15", "diary", PostStatus.DRAFT, True),
        ("16", "untitled", PostStatus.DRAFT, False),
        ("17", "later", PostStatus.SCHEDULED, False),
        ("19", "waiting", PostStatus.DRAFT, False),
    ]
    assert [(page.key, page.markdown) for page in stream.all(PageRecord)] == [
        ("20", "Two **coins**.")
    ]
    assert stream.all(NavigationRecord) == [
        NavigationRecord("Home", url="https://ferry.example.org/"),
        NavigationRecord("Fares", page_key="20"),
    ]


def test_post(read: Read, samples: Path) -> None:
    post = read("wordpress", samples / "wordpress" / "site.xml").post("10")
    assert post.title == "First crossing"
    assert post.published_at == datetime(2021, 5, 6, 11, tzinfo=UTC)
    assert post.tag_keys == ("category:news", "tag:news", "tag:foam")
    assert (post.excerpt, post.seo_description) == ("A short trip", "By sea")
    assert (post.pinned, post.comments_disabled) == (True, False)
    assert (post.cover_image, post.cover_alt) == (
        "https://ferry.example.org/up/boat.jpg",
        "A blue boat",
    )
    assert post.former_paths == (
        "blog/2021/05/06/first-crossing",
        "blog/2021/05/06/crossing-one",
        "?p=10",
    )
    assert [media.url.rpartition("/")[2] for media in post.media] == [
        "boat-300x200.jpg",
        "boat.jpg",
        "rope.jpg",
    ]
    assert post.markdown == (
        "A first line  \nand its second, with snake_case and 2 \\* 3.\n\n"
        "![Boat](https://ferry.example.org/up/boat-300x200.jpg)\n\nThe **boat**\n\n"
        "- one\n- two\n\n"
        "<https://www.youtube.com/watch?v=abc>\n\n"
        '\\[contact-form to="x"\\] and \\[sic\\] and \\[gallery\\]\n\n'
        "<https://www.youtube.com/watch?v=xyz>\n\n"
        "```\n  keep\n\n  this\n```\n\n"
        "![A blue boat](https://ferry.example.org/up/boat.jpg)\n\n"
        "![rope](https://ferry.example.org/up/rope.jpg)"
    )


def test_comments(read: Read, samples: Path) -> None:
    stream = read("wordpress", samples / "wordpress" / "site.xml")
    assert stream.all(CommentRecord) == [
        CommentRecord(
            "1",
            "10",
            "visitor:gull@example.org",
            "Nice [trip](https://x.example)\n\nAgain!",
            datetime(2021, 5, 7, 9, tzinfo=UTC),
        ),
        CommentRecord("2", "10", "skipper", "Thanks", datetime(2021, 5, 7, 10, tzinfo=UTC), "1"),
        CommentRecord("4", "10", "visitor:reader", "To a bot", datetime(2021, 5, 8, 9, tzinfo=UTC)),
    ]


def test_notes(read: Read, samples: Path) -> None:
    notes = read("wordpress", samples / "wordpress" / "site.xml").notes()
    assert notes == [
        ("site.xml:11", "category `Harbour & quay`"),
        ("site.xml:72", "author `mate`"),
        ("site.xml:15", "<!--more-->"),
        ("site.xml:15", "shortcode [caption]"),
        ("site.xml:15", "shortcode [contact-form]"),
        ("site.xml:15", "shortcode [gallery]"),
        ("site.xml:15", "HTML <iframe>"),
        ("site.xml:15", "title"),
        ("site.xml:15", "post_format `Aside`"),
        ("site.xml:15", "custom field `mood`"),
        ("site.xml:69", "post `Locked`, password"),
        ("site.xml:71", "post `Diary`, status `private`"),
        ("site.xml:72", "title"),
        ("site.xml:74", "post `Binned`"),
        ("site.xml:80", "item of type `custom_css`"),
        ("site.xml:76", "block `latest-posts`"),
        ("site.xml:68", "attachment `https://ferry.example.org/up/lost.pdf`"),
        ("site.xml:62", "comment 3"),
        ("site.xml:63", "comment 4"),
        ("site.xml:64", "pingback 5"),
        ("site.xml:70", "comment 6"),
        ("site.xml:82", "menu entry `Fares`"),
        ("site.xml:83", "menu entry `Nowhere`"),
        ("site.xml:84", "menu `Footer`"),
    ]


def test_comment_with_the_authors_address_is_not_the_authors(read: Read, tmp_path: Path) -> None:
    author = (
        "<wp:author><wp:author_id>1</wp:author_id><wp:author_login>ana</wp:author_login>"
        "<wp:author_email>ana@example.org</wp:author_email></wp:author>"
    )
    comment = (
        "<wp:comment><wp:comment_id>1</wp:comment_id><wp:comment_author>Ana</wp:comment_author>"
        "<wp:comment_author_email>ana@example.org</wp:comment_author_email>"
        "<wp:comment_date_gmt>2021-01-01 00:00:00</wp:comment_date_gmt>"
        "<wp:comment_approved>1</wp:comment_approved><wp:comment_user_id>0</wp:comment_user_id></wp:comment>"
    )
    post = (
        "<item><title>a</title><wp:post_id>1</wp:post_id><wp:status>publish</wp:status>"
        f"<wp:post_date>2021-01-01 00:00:00</wp:post_date><wp:post_type>post</wp:post_type>{comment}</item>"
    )
    (tmp_path / "e.xml").write_text(f"{HEAD}{author}{post}</channel></rss>")
    stream = read("wordpress", tmp_path / "e.xml")
    assert [comment.author_key for comment in stream.all(CommentRecord)] == [
        "visitor:ana@example.org"
    ]


def author(login: str, display_name: str) -> str:
    return (
        f"<wp:author><wp:author_login>{login}</wp:author_login>"
        f"<wp:author_display_name>{display_name}</wp:author_display_name></wp:author>"
    )


def post(creator: str, *fields: str) -> str:
    return (
        "<item><title>Plans</title><link>https://x.example/plans/</link><wp:post_id>1</wp:post_id>"
        f"<dc:creator>{creator}</dc:creator><wp:post_date>2021-01-01 00:00:00</wp:post_date>"
        f"{''.join(fields)}</item>"
    )


def export(folder: Path, *elements: str) -> Path:
    file = folder / "e.xml"
    dc = ' xmlns:dc="http://purl.org/dc/elements/1.1/">'
    file.write_text(f"{HEAD.replace('>', dc, 1)}{''.join(elements)}</channel></rss>")
    return file


def test_login_is_no_public_name(read: Read, tmp_path: Path) -> None:
    source = export(
        tmp_path,
        author("root_7", "Ana Roe"),
        author("ben@example.org", ""),
        author("cleo", "cleo@example.org"),
        post("dan@example.org", "<wp:status>draft</wp:status><wp:post_type>post</wp:post_type>"),
    )
    users = read("wordpress", source).all(UserRecord)
    assert [(user.key, user.name, user.username) for user in users] == [
        ("root_7", "Ana Roe", None),
        ("ben@example.org", "ben", None),
        ("cleo", "cleo", None),
        ("dan@example.org", "dan", None),
    ]


def test_commenter_is_not_named_by_an_address(read: Read, tmp_path: Path) -> None:
    comment = (
        "<wp:comment><wp:comment_id>1</wp:comment_id><wp:comment_author>gull@example.org</wp:comment_author>"
        "<wp:comment_approved>1</wp:comment_approved><wp:comment_type/>"
        "<wp:comment_date_gmt>2021-01-01 00:00:00</wp:comment_date_gmt></wp:comment>"
    )
    status = "<wp:status>publish</wp:status><wp:post_type>post</wp:post_type>"
    users = read("wordpress", export(tmp_path, post("", status, comment))).all(UserRecord)
    assert users == [UserRecord("visitor:gull@example.org", "gull", role=None)]


def menu_entry(kind: str) -> str:
    meta = {"_menu_item_type": kind, "_menu_item_object_id": "1"}
    return (
        "<item><title></title><wp:post_id>2</wp:post_id>"
        "<wp:post_type>nav_menu_item</wp:post_type>"
        '<category domain="nav_menu" nicename="main">Main</category>'
        + "".join(
            f"<wp:postmeta><wp:meta_key>{key}</wp:meta_key>"
            f"<wp:meta_value>{value}</wp:meta_value></wp:postmeta>"
            for key, value in meta.items()
        )
        + "</item>"
    )


@pytest.mark.parametrize(
    ("kind", "target", "expected", "reason"),
    [
        (
            "post_type",
            "<wp:status>publish</wp:status><wp:post_type>post</wp:post_type>",
            [NavigationRecord("Plans", url="https://x.example/plans/")],
            None,
        ),
        (
            "post_type",
            "<wp:status>draft</wp:status><wp:post_type>post</wp:post_type>",
            [],
            "its post is not public",
        ),
        (
            "post_type",
            "<wp:status>private</wp:status><wp:post_type>post</wp:post_type>",
            [],
            "its post is not public",
        ),
        (
            "post_type",
            "<wp:status>publish</wp:status><wp:post_type>post</wp:post_type>"
            "<wp:post_password>key</wp:post_password>",
            [],
            "its post is not public",
        ),
        (
            "post_type",
            "<wp:status>draft</wp:status><wp:post_type>page</wp:post_type>",
            [NavigationRecord("Plans", page_key="1")],
            None,
        ),
        (
            "post_type",
            "<wp:status>trash</wp:status><wp:post_type>page</wp:post_type>",
            [],
            "its page is not public",
        ),
        (
            "taxonomy",
            "<wp:status>publish</wp:status><wp:post_type>post</wp:post_type>",
            [],
            "it leads nowhere",
        ),
    ],
)
def test_menu_entry_names_only_what_is_public(
    read: Read,
    tmp_path: Path,
    kind: str,
    target: str,
    expected: list[NavigationRecord],
    reason: str | None,
) -> None:
    stream = read(
        "wordpress", export(tmp_path, author("ana", "Ana"), post("ana", target), menu_entry(kind))
    )
    assert stream.all(NavigationRecord) == expected
    reasons = [note.reason for note in stream.all(Note) if note.element.startswith("menu")]
    assert reasons == ([reason] if reason else [])


@pytest.mark.parametrize(
    ("content", "cause"),
    [
        (
            '<!DOCTYPE a [\n<!ENTITY a "ha">\n<!ENTITY b "&a;&a;&a;&a;">]>\n<rss>&b;</rss>',
            r"e\.xml:1: document types and entities are refused",
        ),
        (
            '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss>&x;</rss>',
            r"e\.xml:1: document types and entities are refused",
        ),
        (f"{HEAD}\n<item>\n</channel></rss>", r"e\.xml:3: broken XML: mismatched tag"),
        (
            f"{HEAD}\n<item><title>\x01</title></item></channel></rss>",
            r"e\.xml:2: broken XML: not well-formed",
        ),
        ("", r"e\.xml:1: broken XML: no element found"),
        ("<rss><channel></channel></rss>", "is not a WordPress export"),
        ("<html></html>", "is not a WordPress export"),
        ('<?xml version="1.0" encoding="klingon"?><rss/>', "broken XML: unknown encoding"),
    ],
)
def test_broken_export(read: Read, tmp_path: Path, content: str, cause: str) -> None:
    (tmp_path / "e.xml").write_text(content)
    with pytest.raises(BrokenSource, match=cause):
        read("wordpress", tmp_path / "e.xml")


@pytest.fixture
def theme_test(corpus: Path) -> Path:
    return corpus / "wordpress" / "themeunittestdata.wordpress.xml"


def items(source: Path) -> list[ElementTree.Element]:
    channel = ElementTree.parse(source).getroot()[0]
    return channel.findall("item")


def terms(source: Path) -> set[str]:
    """Keys of all categories and tags that the export defines or an item names."""
    channel = ElementTree.parse(source).getroot()[0]
    found = {
        f"category:{term.findtext(f'{WP}category_nicename')}"
        for term in channel.findall(f"{WP}category")
    }
    found |= {f"tag:{term.findtext(f'{WP}tag_slug')}" for term in channel.findall(f"{WP}tag")}
    for term in (term for item in channel.findall("item") for term in item.findall("category")):
        kind = {"category": "category", "post_tag": "tag"}.get(term.attrib["domain"])
        found |= {f"{kind}:{term.attrib['nicename']}"} if kind else set()
    return found


def test_theme_test_data_comes_in_whole(read_once: Read, theme_test: Path) -> None:
    stream = read_once("wordpress", theme_test)
    kinds = Counter(
        (item.findtext(f"{WP}post_type"), item.findtext(f"{WP}status"))
        for item in items(theme_test)
    )
    posts = stream.all(PostRecord)
    assert (
        len(posts)
        == kinds["post", "publish"] + kinds["post", "draft"] + kinds["post", "future"]
        == 58
    )
    assert len(stream.all(PageRecord)) == kinds["page", "publish"] == 21
    assert Counter(post.status for post in posts) == {
        PostStatus.PUBLISHED: 55,
        PostStatus.DRAFT: 2,
        PostStatus.SCHEDULED: 1,
    }
    assert [post.title for post in posts if post.private] == [
        'Template: Password Protected (the password is "enter")'
    ]
    assert [post.title for post in posts if post.pinned] == ["Template: Sticky"]
    assert {tag.key for tag in stream.all(TagRecord)} == terms(theme_test)
    assert len(terms(theme_test)) == 182
    assert [user.key for user in stream.all(UserRecord) if user.role] == [
        "themedemos",
        "themereviewteam",
    ]


def test_theme_test_comments(read_once: Read, theme_test: Path) -> None:
    stream = read_once("wordpress", theme_test)
    expected: Counter[str | None] = Counter()
    for item in items(theme_test):
        for comment in item.findall(f"{WP}comment"):
            is_public = item.findtext(f"{WP}post_type") == "post" and not item.findtext(
                f"{WP}post_password"
            )
            is_comment = comment.findtext(f"{WP}comment_type") in ("", "comment", None)
            if is_public and is_comment and comment.findtext(f"{WP}comment_approved") == "1":
                expected[item.findtext(f"{WP}post_id")] += 1
    found = stream.all(CommentRecord)
    assert Counter(comment.post_key for comment in found) == expected
    assert len(found) == 22
    left_out = [
        note
        for note in stream.all(Note)
        if note.element.split()[0] in ("comment", "pingback", "trackback")
    ]
    assert Counter(note.reason for note in left_out) == {
        "only posts have comments": 3,
        "it is not approved": 3,
        "only comments by people come in": 4,
        "its post is not public": 1,
    }


def test_theme_test_media_and_addresses(read_once: Read, theme_test: Path) -> None:
    stream = read_once("wordpress", theme_test)
    attachments = {
        item.findtext(f"{WP}attachment_url")
        for item in items(theme_test)
        if item.findtext(f"{WP}post_type") == "attachment"
    }
    shown = {
        media.url
        for record in (*stream.all(PostRecord), *stream.all(PageRecord))
        for media in record.media
    }
    noted = {
        element.split("`")[1] for _, element in stream.notes() if element.startswith("attachment")
    }
    assert len(attachments) == 37
    assert attachments - shown <= noted
    assert stream.post("1011").cover_image == (
        "https://wpthemetestdata.files.wordpress.com/2013/03/featured-image-horizontal.jpg"
    )
    for item in items(theme_test):
        if item.findtext(f"{WP}post_type") == "post" and item.findtext(f"{WP}status") == "publish":
            post = stream.post(item.findtext(f"{WP}post_id") or "")
            path = (
                (item.findtext("link") or "")
                .removeprefix("https://wpthemetestdata.wordpress.com/")
                .strip("/")
            )
            assert path in (post.slug, *post.former_paths)
            assert f"?p={post.key}" in post.former_paths


def test_theme_test_odd_titles_and_slugs(read_once: Read, theme_test: Path) -> None:
    stream = read_once("wordpress", theme_test)
    assert stream.post("1169").title == "Untitled"
    assert stream.post("1173").title == "Markup: Title With Markup"
    assert stream.post("1174").title.endswith("~`!@#$%^&*()-_=+{}[]/\\;:'\"?,.>")
    page = stream.page("1813")
    assert (page.title, page.slug) == ("Επίπεδο 3", "epipedo-3")
    assert page.former_paths == ("greek/επίπεδο-2/επίπεδο-3", "?p=1813")
