"""Pages of long lists: whatever their size and direction, every row once and in order."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from db.database import Database
from db.errors import Invalid
from db.viewer import Viewer
from loaders import Loaders
from loaders.comment import CommentersByPost, CommentsByPost, RepliesByComment
from loaders.cursors import Cursor, decode_cursor
from loaders.draft import DraftsByAuthor, DraftsByPublication
from loaders.page import StaticPagesByPublication
from loaders.pages import ROOT, Listing, NumberedPageOf, Page, PageOf, Part, Window
from loaders.post import (
    Feed,
    PostsByAuthor,
    PostsByPublication,
    PostsBySeries,
    PostsByTag,
    PostsFound,
)
from loaders.publication import MembersByPublication, PublicationsByUser
from loaders.series import SeriesByPublication
from loaders.tag import PopularPostsByTag
from tests.conftest import Statements
from tests.loaders.blog import SIZE, Blog

LISTS: list[tuple[Listing[Any], Callable[[Blog], str]]] = [
    (CommentsByPost(), lambda blog: blog.posts[0]["id"]),
    (CommentsByPost(top=True), lambda blog: blog.posts[0]["id"]),
    (CommentersByPost(), lambda blog: blog.posts[0]["id"]),
    (CommentersByPost(popular=True), lambda blog: blog.posts[0]["id"]),
    (RepliesByComment(), lambda blog: blog.comments[0]["id"]),
    (DraftsByPublication(), lambda blog: blog.publication["id"]),
    (DraftsByAuthor(), lambda blog: blog.owner["id"]),
    (StaticPagesByPublication(), lambda blog: blog.publication["id"]),
    (SeriesByPublication(), lambda blog: blog.publication["id"]),
    (PostsByPublication(), lambda blog: blog.publication["id"]),
    (PostsFound(words=("post",)), lambda blog: blog.publication["id"]),
    (PostsByTag(), lambda blog: blog.tag["id"]),
    (PopularPostsByTag(), lambda blog: blog.tag["id"]),
    (PostsBySeries(descending=False), lambda blog: blog.series[0]["id"]),
    (PostsBySeries(descending=True), lambda blog: blog.series[0]["id"]),
    (PostsByAuthor(), lambda blog: blog.owner["id"]),
    (PostsByAuthor(descending=False), lambda blog: blog.owner["id"]),
    (MembersByPublication(), lambda blog: blog.publication["id"]),
    (PublicationsByUser(), lambda blog: blog.owner["id"]),
    (PublicationsByUser(last_changed=True, descending=False), lambda blog: blog.owner["id"]),
    (Feed(), lambda _: ROOT),
]

over_the_database = settings(
    max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def name(value: object) -> str:
    return repr(value) if isinstance(value, Listing) else ""


@pytest.mark.parametrize(("listing", "parent"), LISTS, ids=name)
@over_the_database
@given(size=st.integers(1, SIZE + 1))
async def test_pages_hold_every_row_once_and_in_order(
    blog_database: Database,
    blog: Blog,
    listing: Listing[Any],
    parent: Callable[[Blog], str],
    size: int,
) -> None:
    reader = Reader(blog_database, blog, listing, parent(blog))
    whole = await reader.page(Window(100))
    ids = [row.id for row in whole.rows]
    assert len(set(ids)) == len(ids) == SIZE
    keys = [[getattr(row, column) for column in listing.order.columns] for row in whole.rows]
    assert keys == sorted(keys, reverse=listing.order.descending)
    assert await reader.forward(size) == ids
    assert await reader.backward(size) == ids


@pytest.mark.parametrize(("listing", "parent"), LISTS, ids=name)
async def test_a_list_is_counted_for_each_parent(
    blog_database: Database, blog: Blog, listing: Listing[Any], parent: Callable[[Blog], str]
) -> None:
    loaders = Loaders(blog_database, Viewer(blog.owner["id"]))
    keys = [parent(blog)] if parent(blog) == ROOT else [parent(blog), "post_unknown"]
    assert await loaders.count(listing).load_keys(keys, None) == [SIZE, 0][: len(keys)]


@pytest.mark.parametrize(("listing", "parent"), LISTS, ids=name)
async def test_cursors_of_another_list_are_invalid(
    blog_database: Database, blog: Blog, listing: Listing[Any], parent: Callable[[Blog], str]
) -> None:
    reader = Reader(blog_database, blog, listing, parent(blog))
    with pytest.raises(Invalid):
        await reader.page(Window(1, after=Cursor("other", ())))
    with pytest.raises(Invalid):
        await reader.page(Window(1, before=Cursor(listing.order.name, ("x",))))


async def test_a_page_says_whether_the_list_goes_on(loaders: Loaders, blog: Blog) -> None:
    parent = blog.posts[0]["id"]
    listing = CommentsByPost()

    async def sides(window: Window) -> tuple[bool, bool]:
        page = await loaders(PageOf, Part(listing, window)).load(parent)
        return page.has_previous, page.has_next

    whole = await loaders(PageOf, Part(listing, Window(SIZE))).load(parent)
    middle = decode_cursor(cursor_of(whole.rows[4]), "after")
    assert await sides(Window(SIZE)) == (False, False)
    assert await sides(Window(SIZE - 1)) == (False, True)
    assert await sides(Window(0)) == (False, True)
    assert await sides(Window(1, after=middle)) == (True, True)
    assert await sides(Window(SIZE, after=middle)) == (True, False)
    assert await sides(Window(1, backward=True)) == (True, False)
    assert await sides(Window(1, backward=True, before=middle)) == (True, True)
    assert await sides(Window(SIZE, backward=True, before=middle)) == (False, True)


async def test_numbered_pages(loaders: Loaders, blog: Blog) -> None:
    listing, parent = PostsByAuthor(), blog.owner["id"]
    pages = [await loaders(NumberedPageOf, listing, n, 4).load(parent) for n in (1, 2, 3, 4)]
    slugs = [[row.slug for row in page.rows] for page in pages]
    assert [len(each) for each in slugs] == [4, 4, 3, 0]
    assert len({slug for each in slugs for slug in each}) == SIZE
    assert [page.has_next for page in pages] == [True, True, False, False]


async def test_pages_of_all_parents_are_one_statement(
    blog_database: Database, loaders: Loaders, blog: Blog, statements: Statements
) -> None:
    keys = [post["id"] for post in blog.posts]
    with statements(blog_database) as log:
        pages = await loaders(PageOf, Part(CommentsByPost(), Window(2))).load_keys(keys, None)
        counts = await loaders.count(CommentsByPost()).load_keys(keys, None)
    assert [len(page.rows) for page in pages] == [2] + [0] * (SIZE - 1)
    assert counts == [SIZE] + [0] * (SIZE - 1)
    assert len(log) == 2


def cursor_of(row: Any) -> str:
    """What a page's rows have beside the columns of their type."""
    return str(row.cursor)


class Reader:
    """Reads one list page by page, as a client does."""

    def __init__(self, database: Database, blog: Blog, listing: Listing[Any], parent: str) -> None:
        self.loaders = Loaders(database, Viewer(blog.owner["id"]))
        self.listing = listing
        self.parent = parent

    async def page(self, window: Window) -> Page[Any]:
        page: Page[Any] = await self.loaders(PageOf, Part(self.listing, window)).load(self.parent)
        return page

    def cursor(self, row: object) -> Cursor:
        return decode_cursor(cursor_of(row), "after")

    async def forward(self, size: int) -> list[str]:
        page = await self.page(Window(size))
        ids = [row.id for row in page.rows]
        while page.has_next:
            page = await self.page(Window(size, after=self.cursor(page.rows[-1])))
            ids += [row.id for row in page.rows]
        return ids

    async def backward(self, size: int) -> list[str]:
        page = await self.page(Window(size, backward=True))
        ids = [row.id for row in page.rows]
        while page.has_previous:
            before = self.cursor(page.rows[0])
            page = await self.page(Window(size, backward=True, before=before))
            ids = [row.id for row in page.rows] + ids
        return ids
