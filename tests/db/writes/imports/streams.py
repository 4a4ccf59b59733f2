"""Records to import: a small site, and short ways to write one's own."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from db.writes.records import (
    CommentRecord,
    MediaRecord,
    NavigationRecord,
    Note,
    PageRecord,
    Place,
    PostRecord,
    PostStatus,
    PublicationRecord,
    Record,
    RedirectRecord,
    SeriesRecord,
    TagRecord,
    UserRecord,
)

SITE = PublicationRecord(title="The Site", language="de", tagline="About *things*")
ADA = UserRecord("ada", "Ada Lovelace", username="Ada", email="Ada@Example.org", role="OWNER")
BOB = UserRecord("bob", "Bob", role="CONTRIBUTOR")
EVE = UserRecord("eve", "Eve", role=None)
TAG = TagRecord("tags/sql", "SQL", "sql")
SERIES = SeriesRecord("series/basics", "Basics", "basics", description_markdown="*All* of it")
PAST = datetime(2024, 1, 2, 3, 4, 5, tzinfo=UTC)
FUTURE = datetime(2999, 1, 2, 3, 4, 5, tzinfo=UTC)


def post(key: str = "one", **values: Any) -> PostRecord:
    """A published post by Ada whose key is also its slug and title."""
    given: dict[str, Any] = {
        "title": key,
        "slug": key,
        "markdown": f"# Head\n\nText of {key}.\n",
        "status": PostStatus.PUBLISHED,
        "author_keys": ("ada",),
        "published_at": PAST,
    }
    return PostRecord(key=key, place=Place(f"{key}.md", 1), **(given | values))


def page(key: str = "about", **values: Any) -> PageRecord:
    given: dict[str, Any] = {"title": key, "slug": key, "markdown": f"Text of {key}."}
    return PageRecord(key=key, place=Place(f"{key}.md"), **(given | values))


def comment(key: str, parent_key: str | None = None, **values: Any) -> CommentRecord:
    """A comment by Eve on the post `one`."""
    given: dict[str, Any] = {
        "post_key": "one",
        "author_key": "eve",
        "markdown": key,
        "created_at": PAST,
    }
    return CommentRecord(key=key, parent_key=parent_key, **(given | values))


def site(*records: Record) -> list[Record]:
    """The site with its people and its one tag and series, followed by `records`."""
    return [SITE, ADA, BOB, EVE, TAG, SERIES, *records]


def whole_site() -> list[Record]:
    """Something of every kind."""
    picture = MediaRecord("a.png", file="one/a.png", alt="A", content_type="image/png")
    return site(
        Note(Place("one.md", 3), "front matter `weight`", "no field holds it"),
        post(
            "one",
            author_keys=("ada", "bob"),
            tag_keys=(TAG.key,),
            series_key=SERIES.key,
            series_index=1,
            former_paths=("2024/01/02/one.html",),
            media=(picture,),
        ),
        post("two", status=PostStatus.DRAFT, tag_keys=(TAG.key,), author_keys=("bob", "ada")),
        post("three", status=PostStatus.SCHEDULED, published_at=FUTURE, media=(picture,)),
        page(former_paths=("old/about.html",), media=(picture,)),
        comment("c1"),
        comment("c2", "c1"),
        comment("c3", "c2"),
        RedirectRecord("feed", "https://site.test/rss.xml", permanent=False),
        NavigationRecord("Home", url="/"),
        NavigationRecord("About", page_key="about"),
    )


def broken(records: list[Record], error: Exception) -> Iterator[Record]:
    """A stream that fails after its last record."""
    yield from records
    raise error
