"""Every statement of a read has its index: no plan scans a large table from end to end."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from typing import Any

import pytest
from psycopg import AsyncConnection
from psycopg.sql import SQL, Literal

from db.database import Database
from db.viewer import Viewer
from loaders import Loaders
from loaders.base import Loader
from loaders.comment import CommentById, CommentersByPost, CommentsByPost, RepliesByComment
from loaders.cursors import decode_cursor
from loaders.draft import (
    CoAuthorsByDraft,
    DraftById,
    DraftContentById,
    DraftsByAuthor,
    DraftsByPublication,
    ScheduleByDraft,
    ScheduleById,
    TagsByDraft,
)
from loaders.page import (
    StaticPageById,
    StaticPageBySlug,
    StaticPageContentById,
    StaticPagesByPublication,
)
from loaders.pages import ROOT, Listing, NumberedPageOf, PageOf, Part, Window
from loaders.post import (
    Feed,
    FormerSlugsByPost,
    PinnedPostByPublication,
    PostByFormerSlug,
    PostById,
    PostBySlug,
    PostContentById,
    PostsByAuthor,
    PostsByPublication,
    PostsBySeries,
    PostsByTag,
    PostsFound,
    Tagged,
)
from loaders.publication import (
    MembersByPublication,
    MembershipById,
    NavigationByPublication,
    PublicationByHost,
    PublicationById,
    PublicationsByUser,
    RedirectionRuleById,
    RedirectionRulesByPublication,
)
from loaders.series import SeriesById, SeriesByPublication, SeriesBySlug
from loaders.tag import PopularPostsByTag, TagById, TagBySlug, TagsByPost
from loaders.user import CoAuthorsByPost, UserById, UserByUsername
from tests.db import large
from tests.postgres import Server
from tests.recording import recorded

Call = tuple[str, Sequence[str | None]]

LARGE = {
    "comments",
    "draft_co_authors",
    "draft_tags",
    "drafts",
    "former_slugs",
    "memberships",
    "newsletter_subscribers",
    "post_co_authors",
    "post_tags",
    "posts",
    "redirection_rules",
    "static_pages",
    "users",
}

VIEWERS = {"public": None, "member": Viewer(large.key("user", 1))}


def keys(prefix: str) -> list[str]:
    """A page's worth of them, all visible."""
    return [large.key(prefix, number) for number in range(20)]


BY_KEY: list[tuple[type[Loader[Any]], tuple[str, ...], list[str]]] = [
    (CoAuthorsByDraft, (), keys("draft")),
    (CoAuthorsByPost, (), keys("post")),
    (CommentById, (), keys("comment")),
    (DraftById, (), keys("draft")),
    (DraftContentById, (), keys("draft")),
    (FormerSlugsByPost, (), keys("post")),
    (MembershipById, (), keys("member")),
    (NavigationByPublication, (), keys("pub")),
    (PinnedPostByPublication, (), keys("pub")),
    (PostByFormerSlug, ("former-10",), keys("pub")),
    (PostById, (), keys("post")),
    (PostBySlug, ("post-10",), keys("pub")),
    (PostContentById, (), keys("post")),
    (PublicationByHost, (), ["blog1.test"]),
    (PublicationById, (), keys("pub")),
    (RedirectionRuleById, (), keys("redirect")),
    (RedirectionRulesByPublication, (), keys("pub")[:1]),
    (ScheduleByDraft, (), keys("draft")),
    (ScheduleById, (), [large.key("schedule", 0)]),
    (SeriesById, (), keys("series")),
    (SeriesBySlug, ("series-10",), keys("pub")),
    (StaticPageById, (), keys("page")),
    (StaticPageBySlug, ("page-10",), keys("pub")),
    (StaticPageContentById, (), keys("page")),
    (TagById, (), keys("tag")),
    (TagBySlug, (), ["tag-1"]),
    (TagsByDraft, (), keys("draft")),
    (TagsByPost, (), keys("post")),
    (UserById, (), keys("user")),
    (UserByUsername, (), ["user1", "user2"]),
]

LISTS: list[tuple[Listing[Any], list[str]]] = [
    (CommentersByPost(), keys("post")),
    (CommentersByPost(popular=True), keys("post")),
    (CommentsByPost(), keys("post")),
    (CommentsByPost(top=True), keys("post")),
    (DraftsByAuthor(), keys("user")[:1]),
    (DraftsByPublication(), keys("pub")[:1]),
    (DraftsByPublication(scheduled=True), keys("pub")[:1]),
    (DraftsByPublication(search="raft 1", submitted=True), keys("pub")[:1]),
    (DraftsByPublication(tag_ids=(large.key("tag", 1),)), keys("pub")[:1]),
    (MembersByPublication(), keys("pub")[:1]),
    (PopularPostsByTag(), keys("tag")[:1]),
    (PopularPostsByTag(days=30), keys("tag")[:1]),
    (PostsByAuthor(), keys("user")),
    (PostsByAuthor(as_author=False), keys("user")),
    (PostsByAuthor(as_co_author=False), keys("user")),
    (PostsByPublication(), keys("pub")[:1]),
    (PostsByPublication(exclude_pinned=True), keys("pub")[:1]),
    (PostsByPublication(removed=True), keys("pub")[1:2]),
    (PostsByPublication(Tagged(slugs=("tag-1",))), keys("pub")[:1]),
    (PostsByPublication(Tagged(ids=(large.key("tag", 1),))), keys("pub")[:1]),
    (PostsByPublication(Tagged(slugs=("tag-1", "tag-2"))), keys("pub")[:1]),
    (PostsByPublication(Tagged(ids=tuple(keys("tag")[1:3]))), keys("pub")[:1]),
    (PostsBySeries(descending=False), keys("series")),
    (PostsBySeries(descending=True), keys("series")),
    (PostsByTag(), keys("tag")[:1]),
    (PostsFound(("word50",)), keys("pub")[:1]),
    (PublicationsByUser(), keys("user")),
    (RepliesByComment(), keys("comment")),
    (SeriesByPublication(), keys("pub")),
    (StaticPagesByPublication(), keys("pub")[:1]),
]

# Without a count: nobody asks how many posts there are in all.
FEEDS: list[tuple[Listing[Any], list[str]]] = [
    (Feed(), [ROOT]),
    (Feed(Tagged(ids=(large.key("tag", 1),))), [ROOT]),
]


def label(value: object) -> str:
    return f"{len(value)} parents" if isinstance(value, list) else repr(value)


@pytest.fixture(scope="session")
def large_url(postgres: Server) -> str:
    """The URL of the large database, to be read only."""
    return postgres.filled("large", lambda clone: large.fill(clone.owner_url)).url


@pytest.fixture
async def large_database(large_url: str) -> AsyncIterator[Database]:
    database = Database(large_url)
    yield database
    await database.dispose()


@pytest.mark.parametrize("viewer", VIEWERS)
@pytest.mark.parametrize(("loader", "parameters", "batch"), BY_KEY)
async def test_reading_by_key(
    large_database: Database,
    loader: type[Loader[Any]],
    parameters: tuple[str, ...],
    batch: list[str],
    viewer: str,
) -> None:
    async def read(loaders: Loaders) -> None:
        await loaders(loader, *parameters).load_keys(batch, None)

    assert await scanned(large_database, VIEWERS[viewer], read) == []


@pytest.mark.parametrize("viewer", VIEWERS)
@pytest.mark.parametrize(("listing", "parents"), LISTS + FEEDS, ids=label)
async def test_reading_pages(
    large_database: Database, listing: Listing[Any], parents: list[str], viewer: str
) -> None:
    async def read(loaders: Loaders) -> None:
        pages = await loaders(PageOf, Part(listing, Window(20))).load_keys(parents, None)
        await loaders(PageOf, Part(listing, Window(20, backward=True))).load_keys(parents, None)
        await loaders(NumberedPageOf, listing, 2, 20).load_keys(parents, None)
        for row in [row for page in pages for row in page.rows][:1]:
            cursor = decode_cursor(row.cursor, "after")
            await loaders(PageOf, Part(listing, Window(20, after=cursor))).load_keys(parents, None)
            await loaders(PageOf, Part(listing, Window(20, before=cursor))).load_keys(parents, None)

    assert await scanned(large_database, VIEWERS[viewer], read) == []


@pytest.mark.parametrize("viewer", VIEWERS)
@pytest.mark.parametrize(("listing", "parents"), LISTS, ids=label)
async def test_counting(
    large_database: Database, listing: Listing[Any], parents: list[str], viewer: str
) -> None:
    async def read(loaders: Loaders) -> None:
        await loaders.count(listing).load_keys(parents, None)

    assert await scanned(large_database, VIEWERS[viewer], read) == []


async def test_a_scan_is_found(large_database: Database) -> None:
    statement = "select count(*) from posts where title = $1::text"
    plans = await explained(large_database, [(statement, ["x"])])
    assert [node["Relation Name"] for plan in plans for node in nodes(plan) if is_scan(node)] == [
        "posts",
        "posts",
    ]


async def scanned(
    database: Database, viewer: Viewer | None, read: Callable[[Loaders], Awaitable[None]]
) -> list[str]:
    """The large tables that the statements of `read` scan."""
    calls: list[Call] = []
    with recorded(lambda *call: calls.append(call)):
        await read(Loaders(database, viewer))
    assert calls
    plans = await explained(database, calls)
    return [node["Relation Name"] for plan in plans for node in nodes(plan) if is_scan(node)]


async def explained(database: Database, calls: Sequence[Call]) -> list[dict[str, Any]]:
    """The plans of each statement: one made for its parameters, and one for whichever."""
    async with database.read() as connection:
        driver: Any = (await connection.get_raw_connection()).driver_connection
        return [
            await plan(driver, mode, statement, parameters)
            for statement, parameters in calls
            for mode in ("force_custom_plan", "force_generic_plan")
        ]


async def plan(
    driver: AsyncConnection, mode: str, statement: str, parameters: Sequence[str | None]
) -> dict[str, Any]:
    values = SQL(", ").join(map(Literal, parameters))
    await driver.execute("select set_config('plan_cache_mode', %s, false)", [mode])
    await driver.execute(SQL("prepare checked as {}").format(SQL(statement)))
    result = await driver.execute(SQL("explain (format json) execute checked ({})").format(values))
    rows: Any = await result.fetchone()
    await driver.execute("deallocate checked")
    found: dict[str, Any] = rows[0][0]["Plan"]
    return found


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The plan's nodes but those that are never reached, which older servers plan all the same."""
    yield plan
    if plan.get("One-Time Filter") == "false":
        return
    for child in plan.get("Plans", ()):
        yield from nodes(child)


def is_scan(node: dict[str, Any]) -> bool:
    return node["Node Type"] == "Seq Scan" and node["Relation Name"] in LARGE
